"""Plain language to drafts: what is said comes out, what is not said is asked."""

import pytest

from webapp.rules.cadence import parse_rrule
from webapp.rules.capture import CaptureError, Draft, capture

LEADS = "Every weekday before 9 Maria follows up with new leads; sometimes James covers"


def draft(sentence: str) -> Draft:
    (only,) = capture(sentence)["drafts"]
    return only


def asks(sentence: str, words: str) -> bool:
    return any(words in question for question in draft(sentence)["questions"])


def test_a_whole_sentence_comes_out_whole() -> None:
    found = draft(LEADS)
    why = found["steps"][0]["why"]
    assert len(why) > 20
    promised = {
        "name": "Follow up with new leads",
        "responsible": "Maria",
        "backup": "James",
        "cadence": {
            "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "words": "every weekday",
            "confidence": "stated",
            "evidence": ["every weekday"],
        },
        "deadline": "09:00",
        "steps": [{"title": "Follow up with new leads", "proof": "note", "why": why}],
        "questions": ["Who takes over when neither Maria nor James can?"],
    }
    assert {part: value for part, value in found.items() if part in promised} == promised


WHOLE = [
    # sentence, name, responsible, backup, rule, deadline, proofs
    ("Every Monday by 5pm Priya sends the payroll summary to finance",
     "Send the payroll summary to finance", "Priya", None, "FREQ=WEEKLY;BYDAY=MO", "17:00",
     ["file"]),
    ("First business day of the month: reconcile the bank account (Dana)",
     "Reconcile the bank account", "Dana", None,
     "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", None, ["file"]),
    ("Fortnightly on Fridays Lee posts the newsletter by noon",
     "Post the newsletter", "Lee", None, "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "12:00", ["note"]),
    ("Ana checks the fridge temperature every morning by 6, backup Ben",
     "Check the fridge temperature", "Ana", "Ben", "FREQ=DAILY", "06:00", ["number"]),
    ("If Maria can't, James does it. Every day at 17:30 Maria counts the till",
     "Count the till", "Maria", "James", "FREQ=DAILY", "17:30", ["number"]),
    ("Every day except Sundays by 10:30 Kim restocks the shelves and tables, or Lou if she is out",
     "Restock the shelves and tables", "Kim", "Lou", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA",
     "10:30", ["photo"]),
    ("Wipe the tables and lock the back door every day at 22:00 - Sam",
     "Wipe the tables and lock the back door", "Sam", None, "FREQ=DAILY", "22:00",
     ["photo", "photo"]),
    ("José mops the hall every Tue/Thu 8am (backup: Zoë)",
     "Mop the hall", "José", "Zoë", "FREQ=WEEKLY;BYDAY=TU,TH", "08:00", ["photo"]),
    ("Mon-Fri at 8:30 open the shop",
     "Open the shop", None, None, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "08:30", ["photo"]),
    ("Maria closes the month by the last day of the month, James takes over when she is away",
     "Close the month", "Maria", "James", "FREQ=MONTHLY;BYMONTHDAY=-1", None, ["file"]),
    ("Priya must check the gate latch every weekday at 07:15 with Lee as backup",
     "Check the gate latch", "Priya", "Lee", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "07:15", ["scan"]),
    ("Please flush the taps for 5 minutes every Monday at 7",
     "Flush the taps for 5 minutes", None, None, "FREQ=WEEKLY;BYDAY=MO", "07:00", ["timed"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "name", "responsible", "backup", "rrule", "deadline", "proofs"), WHOLE
)
def test_what_is_said_is_understood(
    sentence: str,
    name: str,
    responsible: str | None,
    backup: str | None,
    rrule: str,
    deadline: str | None,
    proofs: list[str | None],
) -> None:
    found = draft(sentence)
    assert (found["name"], found["responsible"], found["backup"]) == (name, responsible, backup)
    assert (found["cadence"]["rrule"], found["deadline"]) == (parse_rrule(rrule), deadline)
    assert [step["proof"] for step in found["steps"]] == proofs


@pytest.mark.parametrize(
    ("time", "deadline"),
    [
        ("before 9", "09:00"),
        ("by 11", "11:00"),
        ("by 12", "12:00"),
        ("at 6am", "06:00"),
        ("by 6 p.m.", "18:00"),
        ("by 12am", "00:00"),
        ("at 06:00", "06:00"),
        ("no later than 8.45", "08:45"),
        ("at 9 o'clock", "09:00"),
        ("17:30", "17:30"),
        ("at noon", "12:00"),
        ("in the morning by 6", "06:00"),
        ("in the evening by 6", "18:00"),
        ("at night at 10", "22:00"),
    ],
)
def test_a_time_that_can_only_mean_one_is_the_deadline(time: str, deadline: str) -> None:
    assert draft(f"Every day {time} Ana wipes the tables")["deadline"] == deadline


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Ana wipes the tables every day by 6", "Is “by 6” 06:00 or 18:00?"),
        ("Ana wipes the tables every day at 3:15", "Is “at 3:15” 03:15 or 15:15?"),
        ("Ana locks up every day by 9", "Is “by 9” 09:00 or 21:00?"),
        ("Ana wipes the tables every day by midnight", "Is “by midnight” 00:00 or 23:59?"),
        ("Ana wipes the tables every day before we close", "of day is “before we close”?"),
        ("Every day at 8, 12 and 4 Ana checks the freezer", "“at 8, 12 and 4”?"),
        ("Ana wipes the tables every day at 25:99", "meant by “at 25:99”?"),
        ("Ana wipes the tables every day at 8 sites", "By what time is it due?"),
    ],
)
def test_a_time_that_can_mean_two_is_asked(sentence: str, question: str) -> None:
    assert draft(sentence)["deadline"] is None
    assert asks(sentence, question)


@pytest.mark.parametrize(
    ("cadence", "question"),
    [
        ("", "How often is this done?"),
        ("biweekly", "Is “biweekly” every 2 weeks, or twice a week?"),
        ("twice a week", "On which days is “twice a week”?"),
        ("3 times daily", "On which days is “3 times daily”?"),
        ("every second Tuesday", "Is “every second tuesday” every 2 weeks on Tuesday or monthly"),
        ("every 2 hours", "At which times of the day is “every 2 hours”?"),
        ("on Friday", "Is “on friday” every week, or only once?"),
        ("whenever needed", "“whenever” has no date in the calendar."),
        ("every few mondays", "How often exactly is “every few mondays”?"),
    ],
)
def test_a_cadence_that_is_unclear_is_asked(cadence: str, question: str) -> None:
    sentence = f"Ana wipes the tables {cadence}"
    found = draft(sentence)["cadence"]
    assert (found["rrule"], found["words"], found["confidence"]) == (None, None, "unknown")
    assert asks(sentence, question)


@pytest.mark.parametrize(
    ("cadence", "confidence", "question"),
    [
        ("every week", "likely", "On which day of the week"),
        ("every quarter", "likely", "On which date is it due first?"),
        ("every other Friday", "likely", "On which date is it due first?"),
        ("every day until June", "maybe", "You said “until June”. A process goes on"),
        ("every 10 days when done", "maybe", "“when done”: Baton counts from the calendar."),
        ("every Monday and also monthly on the 1st", "maybe", "second process?"),
    ],
)
def test_a_cadence_with_something_left_open_is_less_than_stated(
    cadence: str, confidence: str, question: str
) -> None:
    sentence = f"Ana wipes the tables {cadence}"
    assert draft(sentence)["cadence"]["confidence"] == confidence
    assert asks(sentence, question)


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The team cleans the kitchen every night", "“The team” is not one person"),
        ("Kitchen staff clean the grill daily", "“Kitchen staff” is not one person"),
        ("The manager counts the till daily", "“The manager” is not one person"),
        ("We clean the kitchen every night", "Which one person is responsible?"),
        ("Clean the kitchen every night", "Which one person is responsible?"),
        ("Daily Fridge Check", "Which one person is responsible?"),
        ("Weekly Safety checks in the hall", "Which one person is responsible?"),
        ("Maria and James count the till daily", "Who of Maria and James is responsible?"),
    ],
)
def test_only_one_named_person_is_responsible(sentence: str, question: str) -> None:
    assert draft(sentence)["responsible"] is None
    assert asks(sentence, question)


def test_a_name_in_small_letters_is_confirmed() -> None:
    assert draft(LEADS.lower())["responsible"] == "Maria"
    assert asks(LEADS.lower(), "Is “Maria” the name of the person responsible?")


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Ana wipes the tables daily", "Who takes over when Ana cannot?"),
        ("Ana wipes the tables daily, Ben or Kim covers", "Who is the backup: Ben or Kim?"),
        ("Ana wipes the tables daily, Ana covers", "Ana cannot be their own backup"),
    ],
)
def test_a_backup_is_never_guessed(sentence: str, question: str) -> None:
    found = draft(sentence)
    assert (found["responsible"], found["backup"]) == ("Ana", None)
    assert asks(sentence, question)


def test_a_proof_that_no_word_points_to_is_asked() -> None:
    found = draft("Ana waters the plants daily at 9, backup Ben")
    assert found["steps"][0]["proof"] is None
    assert found["questions"][0].startswith("What proves that “Water the plants” was done")


def test_words_without_a_task_ask_for_it() -> None:
    found = draft("every Monday at 9")
    assert (found["name"], found["steps"]) == (None, [])
    assert found["questions"][0] == "What has to be done?"


@pytest.mark.parametrize("sentence", ["", "   \n", "123", "🙂", "|"])
def test_a_sentence_without_words_is_a_problem_in_words(sentence: str) -> None:
    with pytest.raises(CaptureError, match="Write what has to be done") as refused:
        capture(sentence)
    assert refused.value.code == "sentence_empty"


def test_a_sentence_that_is_too_long_is_a_problem_in_words() -> None:
    with pytest.raises(CaptureError, match="at most 2000 characters") as refused:
        capture("Clean the fridge every day. " * 80)
    assert refused.value.code == "sentence_too_long"


@pytest.mark.parametrize("piece", ["a ", "A ", "Aa ", "by 9 ", "if she can ", "x, ", "and then "])
def test_odd_long_input_gives_a_draft(piece: str) -> None:
    assert draft((piece * 2000)[:2000])["cadence"]["rrule"] is None
