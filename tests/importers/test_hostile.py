"""Files that are not what they should be: one clear sentence, little memory, nothing followed."""

import io
import json
import random
import struct
import time
import tracemalloc
import zipfile
from datetime import date

import pytest

from tests.importers import exports
from tests.importers.exports import A_HEX, asana, read, weekly, zipped
from webapp.importers import upload, workbook
from webapp.problems import Problem

GOOD = asana(*weekly("Close up", date(2026, 9, 4), 4))
MEGABYTE = 1024 * 1024


def refusal(content: bytes, name: str = "export", **how) -> Problem:
    with pytest.raises(Problem) as caught:
        read(content, name, **how)
    assert len(caught.value.detail) > 20
    assert caught.value.detail.endswith(".")
    return caught.value


def sheet(xml: str | bytes) -> bytes:
    """A spreadsheet whose only sheet is that XML."""
    made = exports.workbook(("a", [["Name"]]))
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        files = [(n, book.read(n)) for n in book.namelist() if n != "xl/worksheets/sheet1.xml"]
    return zipped(*files, ("xl/worksheets/sheet1.xml", xml))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b"\xff\xfe", b",,,\n,,\n", b"\0" * 99]
)
def test_an_empty_file_says_so(content):
    assert refusal(content).code == "import_empty"


@pytest.mark.parametrize(
    "content",
    [
        exports.table(exports.ASANA, []).encode(),
        exports.table(exports.LINEAR_2023, []).encode(),
        exports.table(exports.CLICKUP_2026, []).encode(),
        exports.trello(),
        json.dumps({"data": []}).encode(),
        exports.workbook(("a", [["Board"], ["Group"], ["Name", "Item ID (auto generated)"]])),
        exports.notion((f"Tasks {A_HEX}.csv", "Name,Due\r\n")),
    ],
    ids=["asana", "linear", "clickup", "trello", "asana json", "monday", "notion"],
)
def test_an_export_without_tasks_says_so(content):
    assert refusal(content).code in ("import_empty", "import_not_recognised")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "old Excel file"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"Amount,Currency\n3,EUR\n4,EUR\n", "Amount, Currency"),
        (b"Date,Description,Amount\n2026-01-05,Rent,3\n2026-02-05,Rent,3\n", "Date, Description"),
        (b"Name,Email,Phone\nAna,a@example.org,1\n", "Name, Email, Phone"),
        (b'{"openapi": "3.1.0", "paths": {}}', "not a board"),
        (b"Just some words in a file\nand some more of them\n", "the first row is"),
        (zipped(("photo.jpg", b"\xff\xd8\xff")), "Nothing in it"),
    ],
)
def test_what_is_no_export_is_named(content, words):
    problem = refusal(content)
    assert problem.code == "import_not_recognised"
    assert words in problem.detail


def test_a_tool_named_wrongly_is_set_right():
    problem = refusal(GOOD, tool="trello")
    assert problem.code == "import_wrong_tool"
    assert "looks like Asana" in problem.detail
    assert "asana" in refusal(GOOD, tool="jira").detail


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_separator_is_read(encoding, delimiter):
    rows = weekly("Bäckerei öffnen", date(2026, 9, 4), 4, Notes="Größe; prüfen, bitte")
    text = exports.table(exports.ASANA, rows, delimiter=delimiter)
    found = read(text.encode(encoding))
    assert found["drafts"][0]["name"] == "Bäckerei öffnen"
    assert found["report"]["rows_read"] == 4


def test_a_separator_that_excel_announces_is_believed():
    assert read(b"sep=;\r\n" + GOOD.removeprefix(b"\xef\xbb\xbf").replace(b",", b";"))["drafts"]


def test_a_table_that_was_cut_off_is_read_as_far_as_it_goes():
    cut = asana(*weekly("Close up", date(2026, 9, 4), 4, Notes='said "so"'))[:-9]
    found = read(cut)
    assert found["drafts"]
    assert any("cut off" in note for note in found["report"]["notes"])


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.97])
@pytest.mark.parametrize("whole", [exports.monday(), exports.trello(exports.card("Tidy weekly"))])
def test_what_cannot_be_read_without_its_end_says_that_it_was_cut_off(whole, keep):
    assert refusal(whole[: int(len(whole) * keep)]).code == "import_damaged"


def bomb(size: int) -> bytes:
    return zipped(("Tasks.csv", b"0" * size))


def test_a_zip_bomb_is_not_opened():
    problem = refusal(bomb(60 * MEGABYTE))
    assert problem.code == "import_unsafe"
    assert "times larger" in problem.detail


def test_a_bomb_in_a_zip_in_the_zip_is_not_opened():
    assert refusal(zipped(("Part-1.zip", bomb(60 * MEGABYTE)))).code == "import_unsafe"


def test_a_zip_that_unpacks_to_more_than_there_is_room_for_is_refused():
    noise = random.Random(1).randbytes(20_000)
    files = [(f"{n}.csv", noise * 1024) for n in range(11)]
    assert refusal(zipped(*files)).code in ("import_too_large", "import_unsafe")


def test_zips_are_opened_one_level_deep_and_no_deeper():
    deep = zipped(("c.zip", zipped(("b.zip", zipped(("a.csv", GOOD))))))
    assert refusal(deep).code == "import_not_recognised"
    found = read(zipped(("b.zip", zipped(("a.csv", GOOD))), ("c.zip", zipped(("d.zip", zipped())))))
    assert found["drafts"]
    assert any("zip in a zip in a zip" in note for note in found["report"]["notes"])


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "C:\\a.csv", "..\\a.csv"]
)
def test_names_that_lead_out_of_a_zip_are_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    problem = refusal(zipped((name, GOOD)))
    assert problem.code == "import_unsafe"
    assert "leads out of it" in problem.detail
    assert list(tmp_path.iterdir()) == []


def test_titles_with_dots_are_no_way_out():
    page = "# And so on... daily\n\n- [ ]  Begin\n"
    assert read(exports.notion((f"And so on... {A_HEX}.md", page)))["drafts"]


def test_too_many_files_are_refused_before_they_are_listed():
    assert refusal(zipped(*((f"{n}.md", "") for n in range(5001)))).code == "import_unsafe"


def test_a_zip_that_claims_millions_of_files_is_refused():
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 65535, 65535, 2**31, 0, 0)
    assert refusal(b"PK\x03\x04" + b"x" * 100 + end).code == "import_unsafe"


def test_a_password_is_named():
    content = bytearray(zipped(("a.csv", GOOD)))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + flags] |= 1
    assert refusal(bytes(content)).code == "import_protected"


ROWS = "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{}</sheetData></worksheet>"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_spreadsheet_are_refused_and_never_followed(declared, encoding):
    cell = "<row r='1'><c r='A1' t='inlineStr'><is><t>&a;&b;</t></is></c></row>"
    xml = f"<?xml version='1.0' encoding='{encoding}'?>{declared}{ROWS.format(cell)}"
    problem = refusal(sheet(xml.encode(encoding)))
    assert problem.code in ("import_unsafe", "import_damaged")
    assert "root:" not in problem.detail


def test_formulas_are_not_worked_out_and_macros_are_not_opened():
    header = ["Name", "Person", "Item ID (auto generated)"]
    formula = '=HYPERLINK("http://example.org","Tidy weekly")'
    made = exports.workbook(
        ("a", [["B"], ["G"], header, ["Tidy weekly", "Ana", 1], [formula, "Bo", 2]])
    )
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        files = [(name, book.read(name)) for name in book.namelist()]
    found = read(zipped(*files, ("xl/vbaProject.bin", b"macro")), "a.xlsm")
    assert [draft["name"] for draft in found["drafts"]] == ["Tidy weekly"]
    assert any("macros were not opened" in note for note in found["report"]["notes"])
    assert "example.org" not in json.dumps(found)


def test_a_row_at_the_far_end_of_a_sheet_takes_no_time():
    far = "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>x</t></is></c></row>"
    assert refusal(sheet(ROWS.format(far))).code == "import_too_large"


def test_a_sheet_of_nothing_but_tags_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_TAGS", 1000)
    assert refusal(sheet(ROWS.format("<row/>" * 1001))).code == "import_too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"cards":' * 50_000,
        b'{"cards": [1e999999, ' + b"9" * 10_000,
        b'{"a": "\\ud800"',
    ],
)
def test_json_that_would_exhaust_its_reader_is_damaged(content):
    assert refusal(content).code == "import_damaged"


def test_json_of_nothing_but_brackets_is_refused():
    assert refusal(b"[" + b"[]," * 2_100_000 + b"[]]").code == "import_too_large"


def test_a_board_whose_members_have_the_wrong_kinds_is_read_around():
    odd = {"id": 7, "name": ["x"], "pos": "top", "idMembers": "m1", "due": 5, "checklists": {}}
    board = exports.trello(odd, exports.card("Tidy weekly"), 5, None, members=[3], lists=[None, {}])
    assert [draft["name"] for draft in read(board)["drafts"]] == ["Tidy weekly"]


def test_deeply_nested_subtasks_end_somewhere():
    task: dict = {"gid": "1", "name": "Weekly root", "completed": False, "subtasks": []}
    for n in range(200):
        task = {"gid": f"{n}", "name": f"Weekly {n}", "completed": False, "subtasks": [task]}
    assert read(json.dumps({"data": [task]}).encode())["report"]["rows_read"] == 13


def test_a_task_that_is_its_own_ancestor_is_still_counted_once():
    rows = [
        {"Title": "Weekly a", "Parent issue": "OPS-2"},
        {"Title": "Weekly b", "Parent issue": "OPS-1"},
    ]
    report = read(exports.linear(*rows))["report"]
    assert report["rows_used"] + len(report["skipped"]) == report["rows_read"] == 2


def test_a_file_of_200_mb_is_refused_unread():
    class Large(io.RawIOBase):
        def seek(self, at, whence=0):
            return 0

        def tell(self):
            return 200 * MEGABYTE

        def read(self, size=-1):
            raise AssertionError("it was read")

    with pytest.raises(Problem) as caught:
        exports.read_export(Large(), "x.csv")
    assert caught.value.code == "import_too_large"


def test_a_cell_without_end_is_refused_and_a_line_without_end_is_cut():
    assert refusal(b'Task ID,Name,Parent task\n1,"' + b"x," * 3 * MEGABYTE).code == "import_damaged"
    assert refusal(b"x" * 9 * MEGABYTE).code in ("import_damaged", "import_not_recognised")


def test_more_rows_than_any_export_has_are_refused(monkeypatch):
    monkeypatch.setattr(upload, "MOST_ROWS", 100)
    rows = [{"Name": f"Task {n}"} for n in range(101)]
    assert refusal(asana(*rows)).code == "import_too_large"


def test_much_text_takes_little_memory():
    rows = [{"Name": f"Task {n}", "Notes": "words " * 100} for n in range(15_000)]
    content = asana(*rows)
    assert len(content) > 9 * MEGABYTE
    tracemalloc.start()
    try:
        read(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 25 * MEGABYTE


@pytest.mark.parametrize("piece", ["<a", "<!--", "<ul><li>", "&#", "</", '<x y="'])
def test_an_html_page_made_to_be_slow_is_read_in_one_pass(piece):
    page = f"<html><body>{piece * 100_000}"
    started = time.process_time()
    read(
        exports.notion(
            (f"Weekly {A_HEX}.html", page), (f"Daily {A_HEX}.md", "# Daily\n\n- [ ]  a\n")
        )
    )
    assert time.process_time() - started < 8
