"""Each tool's export, with its quirks, gives the processes in it."""

import json
from datetime import date, datetime

import pytest

from tests.importers import exports
from tests.importers.exports import A_HEX, asana, only, read, titles, weekly

FRIDAY = date(2026, 9, 4)


def test_a_completed_and_reopened_asana_task_is_a_weekly_process():
    draft = only(asana(*weekly("Safety walk", FRIDAY, 5, Assignee="Maria")))
    assert draft["name"] == "Safety walk"
    assert draft["responsible"] == "Maria"
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=FR"
    assert draft["cadence"]["confidence"] == "likely"
    assert draft["cadence"]["evidence"] == [
        "5 due dates: 4 Sep, 11 Sep, 18 Sep, 25 Sep, 2 Oct 2026",
        "each 7 days apart",
    ]
    assert draft["next_due"] == "2026-10-02"


def test_asana_subtasks_belong_to_the_nearest_parent_above_and_the_rest_is_reported():
    rows = []
    for occurrence, step in zip(
        weekly("Close up", FRIDAY, 3), ("Till", "Lights", "Door"), strict=True
    ):
        rows += [occurrence, {"Name": f"{step} checked", "Parent task": "Close up"}]
    found = read(asana(*rows))
    (draft,) = found["drafts"]
    assert titles(draft) == ["Door checked"]
    assert [each["row"] for each in found["report"]["ambiguous_parents"]] == [3, 5, 7]
    assert "3 tasks have this name; the one in row 2 was taken." in str(found["report"])


@pytest.mark.parametrize("parent", ["Parent task", "Parent Task", " parent task "])
def test_asana_headers_are_known_in_any_spelling(parent):
    header = [parent if name == "Parent task" else name for name in exports.ASANA]
    rows = [*weekly("Close up", FRIDAY, 3), {"Name": "Door checked", parent: "Close up"}]
    assert titles(only(asana(*rows, header=header))) == ["Door checked"]


def test_a_synced_sheet_has_rows_above_its_header():
    text = asana(*weekly("Close up", FRIDAY, 3)).decode("utf-8-sig")
    above = ",,\nhttps://app.asana.com/-/googleSheetsProjectCsv?domain=1,,\n"
    assert only((above + text).encode())["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=FR"


def test_ids_and_dates_that_excel_damaged_are_read_where_they_can_be():
    rows = [
        row | {"Task ID": "1.21143E+15", "Due Date": f"{day:%d/%m/%Y}", "Completed At": ""}
        for row, day in zip(
            weekly("Close up", FRIDAY, 4), (date(2026, 9, d) for d in (4, 11, 18, 25)), strict=True
        )
    ]
    found = read(asana(*rows).decode("utf-8-sig").replace(",", ";").encode("cp1252"))
    assert found["drafts"][0]["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=FR"
    assert any("damaged by a spreadsheet" in note for note in found["report"]["notes"])


def test_dates_that_can_be_day_or_month_first_are_asked_for():
    rows = [{"Name": "Close up weekly", "Due Date": f"{n}/6/2026"} for n in (1, 4, 7, 10)]
    draft = only(asana(*rows))
    assert draft["occurrences"] == []
    assert any("day first or month first" in question for question in draft["questions"])


def test_asana_json_nests_its_subtasks():
    tasks = [
        {
            "gid": str(n),
            "name": "Stock count",
            "due_on": day,
            "completed": n < 3,
            "assignee": {"gid": "9", "name": "Maria"},
            "subtasks": [
                {"gid": f"{n}1", "name": "Count the flour"},
                {"gid": f"{n}2", "name": "Send the report"},
            ],
            "resource_subtype": "default_task",
        }
        for n, day in enumerate(("2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"))
    ]
    draft = only(json.dumps({"data": tasks}).encode())
    assert draft["cadence"]["rrule"] == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert [(s["title"], s["proof"]) for s in draft["steps"]] == [
        ("Count the flour", "number"),
        ("Send the report", "file"),
    ]


@pytest.mark.parametrize("above", [0, 1, 2])
def test_monday_items_of_each_month_have_their_subitems_as_steps(above):
    found = read(exports.monday(above))
    (draft,) = found["drafts"]
    assert draft["name"] == "Emails"
    assert draft["responsible"] == "Cleo"
    assert draft["backup"] == "Dan"
    assert titles(draft) == [f"Draft letter {n}" for n in (1, 2, 3, 4)]
    assert draft["steps"][0]["person"] == "Cleo"
    assert draft["cadence"]["rrule"] == "FREQ=MONTHLY;BYDAY=4WE"
    assert (
        "“October”, “November”, “December” in the titles: one a month"
        in draft["cadence"]["evidence"]
    )
    assert found["report"]["rows_read"] == 15
    assert "holds updates" in found["report"]["notes"][0]


def test_a_monday_account_is_a_zip_of_boards():
    found = read(
        exports.zipped(("Board_1.xlsx", exports.monday()), ("Board_2.xlsx", exports.monday()))
    )
    assert found["report"]["tool"] == "monday"
    assert found["report"]["rows_read"] == 30


@pytest.mark.parametrize("header", [exports.CLICKUP_2023, exports.CLICKUP_2026])
def test_clickup_is_read_in_both_forms(header):
    lists = json.dumps({"Evening": ["Empty the bins", "Count the till"]})
    rows = [
        {"Task ID": f' "{n}"', "Task Name": "Close the shop", "Assignees": "[Ana Ruiz,Ben Ode]",
         "Checklists": lists, "Tags": "[shop]", "Priority": "null",
         "Time Spent Text": "NaN d NaN h"}
        | exports.at_four(date(2026, 9, day))
        for n, day in enumerate((7, 14, 21, 28))
    ]  # fmt: skip
    draft = only(exports.clickup(*rows, header=header))
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=MO"
    assert draft["deadline"] is None
    assert (draft["responsible"], draft["backup"]) == ("Ana Ruiz", "Ben Ode")
    assert titles(draft) == ["Empty the bins", "Count the till"]


def test_a_clickup_task_that_comes_twice_is_one_with_the_people_of_both():
    rows = [
        {"Task ID": "a", "Task Name": "Weekly report", "Assignees": "[Ana]"},
        {"Task ID": "a", "Task Name": "Weekly report", "Assignees": "[Ben]"},
        {"Task ID": "b", "Task Name": "Write it", "Parent ID": ' "a"'},
        {"Task ID": "c", "Task Name": "Lost", "Parent ID": "zzz"},
    ]
    found = read(exports.clickup(*rows))
    (draft,) = found["drafts"]
    assert (draft["responsible"], draft["backup"], titles(draft)) == ("Ana", "Ben", ["Write it"])
    assert found["report"]["skipped"][0]["why"].startswith("It is the same task as row 2")
    assert any("parent that is not in the file" in note for note in found["report"]["notes"])


def test_trello_steps_follow_their_place_and_not_the_file():
    lists = [
        exports.checklist("c1", "Later", ("Third", 5), pos=9),
        exports.checklist("c1", "First", ("Second", 16936), ("First", 8468), pos=2),
    ]
    draft = only(exports.trello(exports.card("Open the shop", id="c1"), checklists=lists))
    assert [(s["title"], s["section"]) for s in draft["steps"]] == [
        ("First", "First"), ("Second", "First"), ("Third", "Later"),
    ]  # fmt: skip
    assert draft["cadence"] == {
        "rrule": None,
        "words": None,
        "confidence": "unknown",
        "evidence": [],
    }
    assert "How often is this done?" in draft["questions"]


RULE = "DTSTART:20260302T090000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH"


@pytest.mark.parametrize("rule", [RULE, {"rule": RULE, "triggers": []}])
def test_a_rule_of_trello_itself_beats_everything(rule):
    draft = only(exports.trello(exports.card("Water the plants monthly", recurrenceRule=rule)))
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert draft["cadence"]["confidence"] == "stated"


@pytest.mark.parametrize("rule", [None, 7, "nonsense", {"rule": None}, []])
def test_a_rule_of_trello_that_is_none_changes_nothing(rule):
    found = read(exports.trello(exports.card("Paint the fence", recurrenceRule=rule)))
    assert found["drafts"] == []


def test_the_secret_address_of_a_trello_board_is_never_kept():
    card = exports.card("Weekly tidy", desc="- [ ] Floor\n- [ ] Shelves")
    assert "boards.trello.example" not in json.dumps(read(exports.trello(card)))


def test_one_trello_card_is_an_export_too():
    card = exports.card(
        "Daily bake", checklists=[exports.checklist("x", "Do", ("Bake", 2), ("Mix", 1))]
    )
    draft = only(json.dumps(card).encode())
    assert titles(draft) == ["Mix", "Bake"]
    assert draft["cadence"]["rrule"] == "FREQ=DAILY"


def test_archived_cards_count_as_past_and_never_alone():
    past = [
        exports.card("Deep clean", closed=True, due=f"2026-0{m}-01T15:00:00.000Z")
        for m in (5, 6, 7)
    ]
    now = exports.card("Deep clean", due="2026-08-01T15:00:00.000Z", idMembers=["m1"])
    draft = only(exports.trello(*past, now))
    assert draft["cadence"]["rrule"] == "FREQ=MONTHLY;BYMONTHDAY=1"
    assert draft["responsible"] == "Ana Ruiz"
    assert any("15:00 UTC" in question for question in draft["questions"])
    assert read(exports.trello(*past))["drafts"] == []


def test_trello_csv_gives_people_and_dates_and_asks_for_the_json():
    header = ["Card ID", "Card Name", "Labels", "Members", "Due Date", "List Name", "Board Name"]
    rows = [
        {
            "Card ID": str(n),
            "Card Name": "Order flour",
            "Members": "Ana",
            "Due Date": f"2026-09-{n:02}",
        }
        for n in (1, 8, 15)
    ]
    found = read(exports.table(header, rows).encode())
    assert found["drafts"][0]["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=TU"
    assert "JSON" in found["report"]["notes"][0]


@pytest.mark.parametrize("header", [exports.LINEAR_2023, exports.LINEAR_2024])
def test_linear_rows_may_be_shorter_than_the_header_and_dates_an_hour_early(header):
    days = (date(2024, 4, 1), date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 22))
    rows = [
        {"Title": "Rotate keys", "Assignee": "ana@example.org",
         "Due Date": exports.js_date(day, "23:00:00"),
         "Description": "- [ ] New key\n- [x] Old key away"}
        for day in days
    ]  # fmt: skip
    draft = only(exports.linear(*rows, header=header, short=1))
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=TU"
    assert draft["responsible"] == "ana@example.org"
    assert titles(draft) == ["New key", "Old key away"]


def test_linear_sub_issues_are_steps_and_canceled_ones_are_named():
    found = read(
        exports.linear(
            {"Title": "Monthly patch day", "Status": "Todo"},
            {"Title": "Install updates", "Parent issue": "OPS-1"},
            {"Title": "Restart", "Parent issue": "OPS-1", "Canceled": exports.js_date(FRIDAY)},
        )
    )
    assert titles(found["drafts"][0]) == ["Install updates"]
    assert found["report"]["skipped"] == [{"row": 4, "what": "Restart", "why": "It was canceled."}]


def database(rows: str) -> str:
    return "\ufeffName,Assignee,Due,Parent item\r\n" + rows.replace("\n", "\r\n")


def test_notion_prefers_all_columns_and_takes_to_dos_from_the_pages():
    days = ("May 6, 2026", "May 13, 2026", "May 20, 2026")
    rows = "".join(f'Check the fridge,"Ana, Ben","{day}",\n' for day in days)
    page = (
        "# Check the fridge\n\nAssignee: Ana\n\n- [ ]  Open it\n    - [x]  Read the temperature\n"
    )
    export = exports.notion(
        (f"Tasks {A_HEX}.csv", "\ufeffName\r\nCheck the fridge\r\n"),
        (f"Tasks {A_HEX}_all.csv", database(rows)),
        (f"Tasks {A_HEX}/Check the fridge {A_HEX[::-1]}.md", page),
        ("__MACOSX/._x.md", "junk"),
    )
    found = read(export)
    (draft,) = found["drafts"]
    assert found["report"]["rows_read"] == 3
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=WE"
    assert (draft["responsible"], draft["backup"]) == ("Ana", "Ben")
    assert titles(draft) == ["Open it", "Read the temperature"]


def test_a_notion_relation_may_hold_commas_in_its_title():
    relation = f"Weekly clean, upstairs (Tasks%20{A_HEX}/Weekly%20clean%20{A_HEX}.md)"
    rows = f'"Weekly clean, upstairs",Ana,,\nDust,,,"{relation}"\nMop,,,"{relation}"\n'
    draft = only(exports.notion((f"Tasks {A_HEX}_all.csv", database(rows)), nested=False))
    assert draft["name"] == "Weekly clean, upstairs"
    assert titles(draft) == ["Dust", "Mop"]


def test_notion_names_beyond_ascii_are_read_although_the_zip_does_not_say_utf8():
    page = "# Tägliche Öffnung\n\n- [ ]  Licht\n- [ ]  Kasse\n- [ ]  Tür\n"
    name = f"Tägliche Öffnung {A_HEX}.md".encode().decode("cp437")
    draft = only(exports.notion((name, page)))
    assert draft["name"] == "Tägliche Öffnung"
    assert titles(draft) == ["Licht", "Kasse", "Tür"]


def test_notion_html_is_read_like_its_markdown():
    html = (
        "<html><head><title>x</title><script>alert(1)</script></head><body><article>"
        '<h1 class="page-title">Daily opening</h1><table class="properties"><tbody>'
        '<tr class="property-row property-row-person"><th>Assignee</th><td>Ana</td>'
        "</tr></tbody></table>"
        '<div class="page-body"><ul class="to-do-list"><li><div class="checkbox"></div>'
        '<span>Lights on</span></li></ul><ul class="to-do-list"><li>'
        "<span>Count the till</span></li></ul>"
        "</div></article></body></html>"
    )
    draft = only(exports.notion((f"Daily opening {A_HEX}.html", html)))
    assert draft["responsible"] == "Ana"
    assert titles(draft) == ["Lights on", "Count the till"]
    assert draft["cadence"]["rrule"] == "FREQ=DAILY"


def test_a_numbered_procedure_in_notion_is_a_draft_without_cadence():
    page = "# Opening procedure\n\n1. Lights\n2. Till\n3. Door\n"
    draft = only(exports.notion((f"Opening procedure {A_HEX}.md", page)))
    assert titles(draft) == ["Lights", "Till", "Door"]
    assert draft["cadence"]["confidence"] == "unknown"


def test_cards_that_count_in_a_weekly_list_are_asked_how_many_there_are():
    lists = [{"id": "l1", "name": "Weekly", "pos": 1}]
    cards = [exports.card(f"Work out #{n}", id="5d0000010000000000000000") for n in range(1, 6)]
    draft = only(exports.trello(*cards, lists=lists))
    assert (draft["name"], draft["cadence"]["rrule"]) == ("Work out", "FREQ=WEEKLY")
    assert "The titles count up to “#5”: all in which time?" in draft["questions"]


def test_a_habit_tracker_is_a_daily_process_with_its_boxes_as_steps():
    rows = "".join(f'"@March {day}, 2026 ",No,Yes\n' for day in range(1, 22))
    csv = "\ufeffDate,Swept,Watered\r\n" + rows
    draft = only(exports.notion((f"Habits {A_HEX}_all.csv", csv)))
    assert (draft["name"], titles(draft)) == ("Habits", ["Swept", "Watered"])
    assert draft["cadence"]["rrule"] == "FREQ=DAILY"


def test_any_sheet_with_a_task_a_person_and_a_frequency_is_read():
    header = ["Task", "Owner", "Backup", "Frequency"]
    rows = [
        {"Task": "Check fire doors", "Owner": "Ana", "Backup": "Ben", "Frequency": "Every Monday"}
    ]
    found = read(exports.table(header, rows).encode())
    (draft,) = found["drafts"]
    assert found["report"]["tool"] == "spreadsheet"
    assert draft["cadence"] == {
        "rrule": "FREQ=WEEKLY;BYDAY=MO",
        "words": "every Monday",
        "confidence": "stated",
        "evidence": ["“Every Monday” in the column for it"],
    }
    assert (draft["responsible"], draft["backup"]) == ("Ana", "Ben")


def test_a_time_that_the_tool_gives_is_the_deadline():
    rows = [["Board"], ["Group"], ["Name", "Person", "Date", "Item ID (auto generated)"]]
    rows += [
        ["Count till", "Ana", datetime(2026, 9, day, 17, 30), day]
        for day in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16)
    ]
    draft = only(exports.workbook(("board", rows)))
    assert draft["deadline"] == "17:30"
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def test_subitems_with_a_rhythm_of_their_own_are_asked_about():
    (draft,) = read(exports.monday())["drafts"]
    assert any("about every Wednesday" in question for question in draft["questions"])
