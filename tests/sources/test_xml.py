"""XML returns: which element is which row, and what no file may do."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # a second reader, of files made here
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.model import Column, Contract, DocumentLayout
from dq.problems import ProblemsError
from dq.sources.intake import Intake
from dq.sources.load import load_folder
from dq.sources.xml_file import Document
from dq.workspace import open_workspace

LAYOUT = DocumentLayout.model_validate(
    {
        "title": "A return of families",
        "source": "made for these tests",
        "root": "Return",
        "tables": {
            "children": {
                "rows": "Families/Family/Child",
                "named": ["Name", "Born"],
                "columns": {
                    "Family": "../Address/Code",
                    "Number": {"number": "."},
                    "Needs": {"all": "Needs/*"},
                },
            },
            "needs": {
                "rows": "Families/Family/Child/Needs/*",
                "columns": {"Family": "../../../Address/Code", "Child": {"number": "../.."}, "Need": "."},
            },
            "visits": {"rows": "Families/Family/Child/Visit", "named": ["Day"], "only_with": "Day"},
        },
    }
)


def rows_of(path: Path, layout: DocumentLayout = LAYOUT) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table of a file."""
    with open_workspace() as workspace:
        document = Document(path, [layout], Intake(workspace, path.parent))
        found = {}
        for name in document.tables:
            table = document.open(name)
            cells = workspace.execute(f"SELECT * FROM {table.relation}").fetchall()
            found[name] = [dict(zip(table.headings, row, strict=True)) for row in cells]
        return found


def unknown_in(path: Path) -> dict[str, tuple[str, ...]]:
    with open_workspace() as workspace:
        document = Document(path, [LAYOUT], Intake(workspace, path.parent))
        return {name: document.open(name).unknown for name in document.tables if document.open(name).unknown}


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "return.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def family(inside: str, code: str = "F1") -> str:
    return f"<Family><Address><Code>{code}</Code></Address>{inside}</Family>"


def whole(*families: str) -> str:
    return f"<Return><Families>{''.join(families)}</Families></Return>"


def test_each_element_is_a_row_with_what_it_shares_and_its_number(tmp_path):
    first = family("<Child><Name>Ann</Name></Child><Child><Name>Bo</Name><Born>2012-03-01</Born></Child>")
    second = family("<Child><Name>Cy</Name><Needs><Need>SEN</Need><Other>SLT</Other></Needs></Child>", "F2")
    found = rows_of(written(tmp_path, whole(first, second)))
    assert [tuple(row.values()) for row in found["children"]] == [
        ("Ann", None, "F1", "1", None),
        ("Bo", "2012-03-01", "F1", "2", None),
        ("Cy", None, "F2", "1", "SEN, SLT"),
    ]
    assert [tuple(row.values()) for row in found["needs"]] == [("F2", "1", "SEN"), ("F2", "1", "SLT")]


def test_what_rows_share_may_stand_after_them_or_not_at_all(tmp_path):
    after = "<Family><Child><Name>Ann</Name></Child><Address><Code>F1</Code></Address></Family>"
    never = "<Family><Child><Name>Bo</Name></Child></Family>"
    found = rows_of(written(tmp_path, whole(after, never)))
    assert [row["Family"] for row in found["children"]] == ["F1", None]


def test_an_element_without_the_one_asked_for_is_no_row_and_one_that_is_empty_is(tmp_path):
    child = "<Child><Visit><Day>2020-01-02</Day></Visit><Visit/><Visit><Day/></Visit></Child>"
    assert [row["Day"] for row in rows_of(written(tmp_path, whole(family(child))))["visits"]] == ["2020-01-02", None]


def test_text_between_elements_belongs_to_none(tmp_path):
    child = "<Child>a<Name>Ann</Name>b<Born>2012-03-01</Born>c</Child>"
    (row,) = rows_of(written(tmp_path, whole(family(child))))["children"]
    assert (row["Name"], row["Born"]) == ("Ann", "2012-03-01")


def test_what_has_no_column_is_told_and_not_lost_in_silence(tmp_path):
    child = "<Child><Name>Ann</Name><Name>Anna</Name><Shoe><Size>34</Size></Shoe></Child>"
    path = written(tmp_path, whole(family(child)))
    assert unknown_in(path) == {"children": ("Name, a second one", "Shoe")}
    assert [row["Name"] for row in rows_of(path)["children"]] == ["Ann"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_any_encoding_that_a_file_declares(tmp_path, encoding):
    text = whole(family("<Child><Name>Zoë</Name></Child>"))
    named = encoding.removesuffix("-sig")
    path = written(tmp_path, f'<?xml version="1.0" encoding="{named}"?>\n{text}'.encode(encoding))
    assert [row["Name"] for row in rows_of(path)["children"]] == ["Zoë"]


def test_names_with_a_prefix_and_a_namespace(tmp_path):
    text = '<r:Return xmlns:r="urn:r"><r:Families><r:Family><r:Child><r:Name>Ann</r:Name></r:Child></r:Family>'
    path = written(tmp_path, f"{text}</r:Families></r:Return>")
    assert [row["Name"] for row in rows_of(path)["children"]] == ["Ann"]


BOMB = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
HOSTILE = {
    "entities within entities": f'<!DOCTYPE Return [<!ENTITY e0 "ha">{BOMB}]>{whole(family("<Child>&e9;</Child>"))}',
    "a file of the machine": f'<!DOCTYPE Return [<!ENTITY x SYSTEM "file:///etc/passwd">]>{whole(family("&x;"))}',
    "a definition from elsewhere": f'<!DOCTYPE Return SYSTEM "http://127.0.0.1/r.dtd">{whole()}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_document_type_is_refused_with_all_it_may_bring(tmp_path, text):
    with pytest.raises(ProblemsError, match=r"return\.xml:1: this file declares a document type"):
        rows_of(written(tmp_path, text))


REFUSED = {
    "not ended": ("<Return>\n<Families>\n", r":3: this is not well-formed XML: no element found"),
    "ended twice": (f"{whole()}\n</Return>", r":2: this is not well-formed XML"),
    "of another kind": ("<html>\n</html>", r":1: this is an XML document of another kind"),
    "another root": ("<Message>\n</Message>", r":1: .*another kind\. The root element should be 'Return'"),
    "nothing": ("", r":1: this is not well-formed XML: no element found"),
    "an archive": (b"PK\x03\x04 and so on", r"a zip archive"),
    "unknown encoding": ('<?xml version="1.0" encoding="none-such"?><Return/>', r":1: .*encoding"),
    "an entity of nobody's": (whole(family("<Child>&who;</Child>")), r":1: .*undefined entity"),
    "too deep": (whole(family("<a>\n" * 80 + "</a>" * 80)), r":\d\d: elements lie more than 64 deep"),
    "too long": (
        whole(family(f"<Child><Name>{'a' * 1_000_001}</Name></Child>")),
        r":1: a text of more than 1,000,000 letters",
    ),
}


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path, text, says):
    with pytest.raises(ProblemsError, match=rf"return\.xml.*{says}"):
        rows_of(written(tmp_path, text))


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=4)
CHILD = st.fixed_dictionaries({"Name": st.none() | TEXT, "needs": st.lists(TEXT, max_size=3)})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(TEXT, st.lists(CHILD, max_size=3)), max_size=4))
def test_it_reads_what_another_reader_reads(tmp_path_factory, families):
    root = ET.Element("Return")
    around = ET.SubElement(root, "Families")
    for code, children in families:
        of = ET.SubElement(around, "Family")
        ET.SubElement(ET.SubElement(of, "Address"), "Code").text = code
        for child in children:
            made = ET.SubElement(of, "Child")
            ET.SubElement(made, "Name").text = child["Name"]
            needs = ET.SubElement(made, "Needs")
            for need in child["needs"]:
                ET.SubElement(needs, "Need").text = need
    expected = [
        (child["Name"], None, code, str(number), ", ".join(child["needs"]) or None)
        for code, children in families
        for number, child in enumerate(children, 1)
    ]
    path = written(tmp_path_factory.mktemp("made"), ET.tostring(root, "utf-8"))
    assert [tuple(row.values()) for row in rows_of(path)["children"]] == expected


def test_a_folder_with_a_return_holds_its_extracts(tmp_path):
    written(tmp_path, whole(family("<Child><Name>Ann</Name><Born>2012-03-01</Born></Child>")))
    columns = {"Name": "text", "Born": "date", "Number": "integer"}
    contract = Contract(
        title="Children", one_row="one child", key="Name", name="children",
        columns={name: Column(type=kind, label=name, local=True) for name, kind in columns.items()},
    )  # fmt: skip
    for place in (tmp_path, tmp_path / "return.xml"):
        with open_workspace() as workspace:
            (read,) = load_folder(
                workspace, place, {"children": contract}, lambda _: None, reference=(), documents=[LAYOUT]
            )
            assert (read.file, read.rows, read.rows_in) == ("return.xml", 1, 1)
            assert set(read.unknown_columns) == {"Family", "Needs"}
            assert str(workspace.row("SELECT Born, Number FROM children")) == "(datetime.date(2012, 3, 1), 1)"
