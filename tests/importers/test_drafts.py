"""What becomes a draft, what is left out and why, who is in it, and what is asked."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers import exports
from tests.importers.exports import PEOPLE, asana, only, read, weekly
from webapp.importers import known_tools
from webapp.importers.proofs import suggested
from webapp.problems import Problem

FRIDAY = date(2026, 9, 4)
CONFIDENCES = ("stated", "likely", "maybe", "unknown")


def test_two_assignees_are_responsible_and_backup_to_be_confirmed():
    draft = only(asana(*weekly("Close up", FRIDAY, 3, Assignee="Maria, James")))
    assert (draft["responsible"], draft["backup"]) == ("Maria", "James")
    assert "Maria and James are both assigned. Is James the backup?" in draft["questions"]
    assert "Who takes over when neither Maria nor James can?" in draft["questions"]


def test_who_stood_in_lately_is_the_backup_to_be_confirmed():
    rows = weekly("Close up", FRIDAY, 5, Assignee="Maria")
    rows[2]["Assignee"] = "James"
    draft = only(asana(*rows))
    assert (draft["responsible"], draft["backup"]) == ("Maria", "James")
    assert "James did 1 of the last 5. Is James the backup of Maria?" in draft["questions"]


def test_nobody_named_is_asked_for():
    draft = only(asana(*weekly("Close up", FRIDAY, 3)))
    assert draft["responsible"] is None
    assert "Which one person is responsible?" in draft["questions"]


@pytest.mark.parametrize(
    ("written", "person", "sure"),
    [
        ("Maria Gomez", "Maria Gomez", True),
        ("MARIA@example.org", "Maria Gomez", True),
        ("Maria", "Maria Gomez", False),
        ("Gomez Maria", "Maria Gomez", False),
        ("Maria G.", "Maria Gomez", False),
        ("james.lee", "James Lee", False),
        ("Jmes Lee", "James Lee", False),
        ("Zoe Quill", None, False),
    ],
)
def test_people_are_matched_and_never_silently(written, person, sure):
    found = read(asana(*weekly("Close up", FRIDAY, 3, Assignee=written)), known=PEOPLE)
    (draft,) = found["drafts"]
    assert draft["responsible"] == written
    assert draft["people"] == [{"written": written, "person": person, "sure": sure}]
    asked = f"Is “{written}” {person}?" in draft["questions"]
    assert asked == (person is not None and not sure)
    assert found["report"]["unknown_people"] == ([] if person else [written])


def test_two_people_of_one_first_name_match_neither():
    known = (*PEOPLE, exports.Known("Maria Silva"))
    draft = only(asana(*weekly("Close up", FRIDAY, 3, Assignee="Maria")), known=known)
    assert draft["people"][0]["person"] is None


def test_words_and_dates_that_disagree_are_both_shown_and_asked():
    draft = only(asana(*weekly("Monthly stock count", FRIDAY, 5)))
    assert draft["cadence"]["rrule"] is None
    assert draft["cadence"]["confidence"] == "unknown"
    assert "“Monthly” in the title" in draft["cadence"]["evidence"]
    assert "each 7 days apart" in draft["cadence"]["evidence"]
    assert any("Which is right?" in question for question in draft["questions"])


def test_words_that_agree_with_the_dates_make_them_surer():
    draft = only(asana(*weekly("Weekly stock count", FRIDAY, 2)))
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=FR"
    assert draft["cadence"]["confidence"] == "likely"


def test_unclear_words_are_settled_by_the_dates_or_asked():
    settled = only(asana(*weekly("Biweekly order", FRIDAY, 4, days=14)))
    assert settled["cadence"]["rrule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    asked = only(asana({"Name": "Biweekly order"}))
    assert asked["cadence"]["rrule"] is None
    assert "On which days is “Biweekly”?" in asked["questions"]


def test_a_cadence_without_its_day_asks_for_the_day():
    draft = only(asana({"Name": "Weekly order"}))
    assert draft["cadence"]["confidence"] == "likely"
    assert "On which day of the week is it due?" in draft["questions"]


def test_dates_of_completion_alone_are_only_perhaps_a_rhythm():
    rows = [
        row | {"Due Date": "", "Completed At": row["Due Date"]} for row in weekly("Tidy", FRIDAY, 5)
    ]
    draft = only(asana(*rows))
    assert draft["cadence"]["confidence"] == "maybe"
    assert any("no due dates, only dates of completion" in each for each in draft["questions"])


@pytest.mark.parametrize(
    "cards",
    [
        [exports.card("Opening", isTemplate=True)],
        [exports.card("Opening", desc="- [ ] Lights\n- [ ] Till\n- [ ] Door", id="c1")],
    ],
    ids=["a template", "a checklist"],
)
def test_templates_and_checklists_without_dates_are_drafts_without_cadence(cards):
    listed = exports.checklist("c1", "Do", ("Lights", 1), ("Till", 2), ("Door", 3))
    draft = only(exports.trello(*cards, checklists=[listed]))
    assert draft["cadence"] == {
        "rrule": None,
        "words": None,
        "confidence": "unknown",
        "evidence": [],
    }
    assert "How often is this done?" in draft["questions"]


def test_one_off_work_is_left_out_row_by_row_with_the_reason():
    found = read(asana({"Name": "Paint the fence", "Due Date": "2026-09-04"}, {"Name": ""}))
    assert found["drafts"] == []
    assert found["report"]["skipped"] == [
        {"row": 2, "what": "Paint the fence", "why": "It comes up once, and nothing in its words"
         " says that it recurs. Keep it there."},
        {"row": 3, "what": "", "why": "It has no name."},
    ]  # fmt: skip


def test_the_same_work_at_two_places_is_two_processes():
    rows = [
        row | {"Section/Column": place, "Assignee": who}
        for place, who in (("Downtown", "Ana"), ("Uptown", "Ben"))
        for row in weekly("Opening check", FRIDAY, 4)
    ]
    drafts = read(asana(*rows))["drafts"]
    assert {(draft["found_in"], draft["responsible"]) for draft in drafts} == {
        ("Downtown", "Ana"),
        ("Uptown", "Ben"),
    }


def test_work_that_moves_through_columns_is_one_process():
    rows = weekly("Opening check", FRIDAY, 5)
    for row, column in zip(rows, ("Done", "Done", "Done", "Doing", "To do"), strict=True):
        row["Section/Column"] = column
    assert only(asana(*rows))["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=FR"


def test_subtasks_that_repeat_are_processes_of_their_own():
    rows = [{"Name": "The shop"}]
    rows += [row | {"Parent task": "The shop"} for row in weekly("Clean the fridge", FRIDAY, 4)]
    draft = only(asana(*rows))
    assert draft["name"] == "Clean the fridge"
    assert draft["found_in"] == "The shop"


@pytest.mark.parametrize(
    ("title", "proof"),
    [
        ("Check the fridge", "photo"),
        ("Fridge temperature", "number"),
        ("Send the invoice", "file"),
        ("Publish the newsletter", "note"),
        ("Approve the rota", "signature"),
        ("Review the rota", "signature"),
        ("Think about it", "note"),
    ],
)
def test_each_step_has_a_proof_and_a_reason(title, proof):
    kind, why = suggested(title)
    assert kind == proof
    assert why.endswith(".")


def test_files_on_earlier_occurrences_suggest_a_file():
    assert suggested("Think about it", had_files=True)[0] == "file"


def test_every_tool_is_a_module_that_is_found_by_itself():
    assert set(known_tools()) == {
        "asana", "clickup", "linear", "monday", "notion", "spreadsheet", "trello",
    }  # fmt: skip


cell = st.one_of(
    st.sampled_from(
        ["", "Weekly tidy", "Close up", "2026-09-04", "9/6/2026", "null", "[A,B]", "#3"]
    ),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(str),
    st.text(max_size=12),
)


def read_any(content):
    try:
        return read(content)
    except Problem as problem:
        return problem.code


def columns_of(header):
    return st.lists(st.lists(cell, min_size=1, max_size=len(header)), max_size=25)


@pytest.mark.parametrize(
    "header",
    [exports.ASANA, exports.CLICKUP_2026, exports.LINEAR_2023, ["Task", "Owner", "Due"]],
    ids=["asana", "clickup", "linear", "sheet"],
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_rows_are_read_and_each_is_used_or_skipped_once(header, data):
    rows = data.draw(columns_of(header))
    named = [dict(zip(header, row, strict=False)) for row in rows]
    found = read_any(exports.table(header, named).encode("utf-8", "surrogatepass"))
    if isinstance(found, str):
        assert found in ("import_empty", "import_damaged", "import_not_recognised")
        return
    report = found["report"]
    used = [row for draft in found["drafts"] for row in draft["rows"]]
    assert sorted(used + [each["row"] for each in report["skipped"]]) == sorted(
        set(used) | {each["row"] for each in report["skipped"]}
    )
    assert report["rows_used"] + len(report["skipped"]) == report["rows_read"]
    for draft in found["drafts"]:
        assert draft["cadence"]["confidence"] in CONFIDENCES
        assert (draft["cadence"]["rrule"] is None) == (draft["cadence"]["confidence"] == "unknown")
        assert draft["steps"]


def test_dates_that_can_be_read_in_two_ways_are_asked_about_and_hide_no_process():
    rows = weekly("Fridge log", FRIDAY, 4, Assignee="Ana")
    for day, row in enumerate(rows, 1):
        row |= {"Due Date": f"{day}/9/2026", "Created At": "1/9/2026", "Completed At": ""}
    draft = only(asana(*rows))
    assert draft["cadence"]["rrule"] is None
    asked = "The dates in this file can be read day first or month first. Which is meant?"
    assert asked in draft["questions"]
