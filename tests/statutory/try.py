"""Run the cases of rules as they are being written: ``python -m tests.statutory.try ssda903 101 102``.

For every case that differs it shows the rows that are flagged and should not be, or should be and are not. Without a
code it runs all rules of the pack that there are.
"""

from __future__ import annotations

import sys

from dq.problems import ProblemsError
from tests.statutory.conformance import PACKS, Outcome, cases_of, run_pack


def main(arguments: list[str]) -> int:
    """Run the cases named by the arguments and return 0 if all agree."""
    if not arguments or arguments[0] not in PACKS:
        print(f"Say which pack, of {', '.join(PACKS)}, and which rules.")
        return 2
    pack, codes = arguments[0], arguments[1:]
    try:
        outcomes = run_pack(pack, codes or None)
    except ProblemsError as error:
        print(error)
        return 2
    except KeyError as error:
        print(f"There is no rule {error} in rules/{pack}.")
        return 2
    for outcome in outcomes:
        if not outcome.agrees:
            print("\n".join(_told(outcome)))
    agreeing = sum(outcome.agrees for outcome in outcomes)
    print(f"{agreeing} of {len(outcomes)} cases agree, of {len({o.case.code for o in outcomes})} rules.")
    for code in codes:
        if not any(cases_of(pack, code)):
            print(f"The reference gives no case of {code}: its own examples are all that tests it.")
    return 0 if agreeing == len(outcomes) else 1


def _told(outcome: Outcome) -> list[str]:
    lines = [outcome.told(), f"  with {dict(outcome.case.metadata)}" if outcome.case.metadata else ""]
    for table, rows in outcome.case.tables.items():
        lines.append(f"  {table}")
        lines.extend(f"    {row}" for row in rows)
    return [line for line in lines if line]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
