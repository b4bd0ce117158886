import os
import subprocess
import sys

import pytest
from gate_runs import gate, shipped_gate

from dq.gate import check_gate
from dq.gate.check import expectations
from dq.problems import ProblemsError

IN_SET = {"expectation": "expect_column_values_to_be_in_set", "with": {"column": "present", "value_set": [True]}}
ROWS = {"expectation": "expect_table_row_count_to_be_between", "with": {"min_value": 1}}

WRONG = [
    (
        {**IN_SET, "expectation": "expect_column_values_to_be_in_sets"},
        "Did you mean 'expect_column_values_to_be_in_set'",
    ),
    ({**IN_SET, "expectation": "unexpected_rows_expectation"}, "there is no expectation 'unexpected_rows_expectation'"),
    (
        {**IN_SET, "with": {"column": "present", "values_set": []}},
        "takes no argument 'values_set'. Did you mean 'value_set'",
    ),
    ({**IN_SET, "with": {"column": "present"}}, "needs the argument 'value_set'"),
    ({**IN_SET, "with": {"column": "presents", "value_set": [True]}}, "Did you mean 'present'"),
    ({**IN_SET, "with": {"column": "present", "value_set": ["true"]}}, "holds true or false"),
    ({**IN_SET, "with": {"column": "rows", "value_set": [True]}}, "holds numbers"),
    ({**IN_SET, "facts": "rules"}, "'present' is not a column of the facts of 'rules'"),
    ({**IN_SET, "with": {**IN_SET["with"], "row_condition": "rows > 0"}}, "takes no argument 'row_condition'"),
    ({**IN_SET, "when": "size_know"}, "Did you mean 'size_known'"),
    ({**IN_SET, "when": "rows"}, "neither true nor false"),
    ({**IN_SET, "when": "rows > "}, "cannot be read"),
    ({**IN_SET, "when": "rows > 1 or present"}, "where a column should be"),
    ({**IN_SET, "when": "__import__('os').getcwd() == 'x'"}, "where a column should be"),
    ({**IN_SET, "when": "rows > expected_low"}, "is not a value"),
    ({**IN_SET, "when": "rows in 3"}, "does not fit its operator"),
    ({**ROWS, "when": "present"}, "takes no 'when'"),
    ({**IN_SET, "says": "{counts} missing"}, "Did you mean 'count'"),
    ({**IN_SET, "says": "{rows} missing"}, "cannot be filled in there"),
    ({**IN_SET, "says": "[{extracts}] missing"}, "Did you mean 'extract'"),
    ({**IN_SET, "says": "{count missing"}, "does not match"),
    ({**IN_SET, "says": "[{extract} missing"}, "does not match"),
    ({**ROWS, "says": "{which} missing"}, "cannot be filled in there"),
]


@pytest.mark.parametrize(("check", "message"), WRONG, ids=[message for _, message in WRONG])
def test_what_is_not_known_is_refused(check, message):
    with pytest.raises(ProblemsError) as refused:
        check_gate(gate(check))
    assert message in str(refused.value)


def test_a_gate_that_checks_nothing_is_refused():
    with pytest.raises(ProblemsError, match="let anything through"):
        check_gate(gate())


def test_two_checks_of_one_name_are_refused():
    with pytest.raises(ProblemsError, match="two checks are named 'A check'"):
        check_gate(gate(IN_SET, IN_SET))


def test_the_file_and_line_of_every_fault_are_given(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("title: t\nchecks:\n  - name: One\n  - name: Two\n", encoding="utf-8")
    wrong = {**IN_SET, "when": "presents"}
    with pytest.raises(ProblemsError) as refused:
        check_gate(gate({**wrong, "name": "One"}, {**wrong, "name": "Two"}, path=path))
    assert [(problem.path, problem.line) for problem in refused.value.problems] == [(path, 3), (path, 4)]


def test_the_shipped_gate_is_known_without_importing_the_library():
    code = "import sys; from gate_runs import *; from dq.gate import check_gate; check_gate(shipped_gate())"
    code += "; sys.exit('great_expectations' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def test_the_shipped_gate_says_how_much_each_of_its_checks_weighs():
    weights = [check.weight for check in shipped_gate().checks]
    assert len(set(weights)) == len(weights), "two checks of one weight would leave the order of reasons to chance"


def test_what_the_schemas_say_is_what_the_library_takes():
    from dq.gate import warm_up

    warm_up()
    import great_expectations.expectations as library

    assert len(expectations()) > 30
    for name, known in expectations().items():
        fields = getattr(library, known.class_name).__fields__
        assert known.arguments <= set(fields), name
        assert {field for field in known.arguments if fields[field].required} <= known.required, name
