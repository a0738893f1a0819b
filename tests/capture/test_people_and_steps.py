"""Who does it, who takes over, by when and what exactly: sentences, lists and paragraphs."""

import pytest

from webapp.rules.capture import Draft, capture


def only(text: str) -> Draft:
    (draft,) = capture(text)["drafts"]
    return draft


# text, name, responsible, backup, deadline
WHO = [
    (("Rosa disinfects the play area at the end of every day; when Rosa is on vacation, Milo takes"
     " over."), "Disinfect the play area", "Rosa", "Milo", None),
    ("The coffee machine should be descaled every two weeks by Jonas, otherwise by Petra.",
     "Descale the coffee machine", "Jonas", "Petra", None),
    (("It's Nina's job to restock the first aid kit on the first Monday of every month. Tim stands"
     " in for her."), "Restock the first aid kit", "Nina", "Tim", None),
    (("Every Thursday before noon Mr. Jones walks the fire exits and scans the tags; Ms. Lee"
     " covers."), "Walk the fire exits and scan the tags", "Mr. Jones", "Ms. Lee", "12:00"),
    ("Anna-Maria takes out the recycling on Wednesday nights by 8:30",
     "Take out the recycling", "Anna-Maria", None, "20:30"),
    ("Vans are checked on the 1st of every month, Ali does it, Bo when Ali is away.",
     "Check the vans", "Ali", "Bo", None),
    ("The trash goes out every Tuesday night by 9, Sam does it, or Kim if he can't.",
     "Take out the trash", "Sam", "Kim", "21:00"),
    (("Drop the deposit at the bank every business day before 3:30pm. Dee is responsible, and Eli"
     " is her backup."), "Drop the deposit at the bank", "Dee", "Eli", "15:30"),
    ("Please have Tom mow the lawn every Saturday before 10am",
     "Mow the lawn", "Tom", None, "10:00"),
    ("Kim is responsible for checking the fire extinguishers every month on the 3rd.",
     "Check the fire extinguishers", "Kim", None, None),
    ("The pool needs cleaning every Monday by 7am - Jo", "Clean the pool", "Jo", None, "07:00"),
    ("We need to renew the insurance on July 1 every year (Paula)",
     "Renew the insurance", "Paula", None, None),
    ("Turn the compost every Monday, Sam", "Turn the compost", "Sam", None, None),
    ("If Ana is out Ben does it. Ana checks the pump every day at 8.",
     "Check the pump", "Ana", "Ben", "08:00"),
    ("Owner: Ana. Backup: Ben. Every Monday at 10 send the stock order to the supplier.",
     "Send the stock order to the supplier", "Ana", "Ben", "10:00"),
    ("On the 1st and 15th, Joe pays the invoices by noon, otherwise Ann",
     "Pay the invoices", "Joe", "Ann", "12:00"),
    ("Josephine O'Neil reviews the timesheets on Mondays",
     "Review the timesheets", "Josephine O'Neil", None, None),
    ("Ben covers the pool every night at 10pm", "Cover the pool", "Ben", None, "22:00"),
    ("Every Friday at noon Ana mops. Ben covers on Fridays when Ana is off.",
     "Mop", "Ana", "Ben", "12:00"),
    ("Every Monday at 8am Ana checks that the gate is shut",
     "Check that the gate is shut", "Ana", None, "08:00"),
    ("Wipe down the gym mats at 10:00 daily. Owner: Vic, backup: Wes",
     "Wipe down the gym mats", "Vic", "Wes", "10:00"),
    ("Ana counts the till every evening at 6", "Count the till", "Ana", None, "18:00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "responsible", "backup", "deadline"), WHO)
def test_people_are_heard_in_many_forms(
    text: str, name: str, responsible: str, backup: str | None, deadline: str | None
) -> None:
    draft = only(text)
    assert (draft["name"], draft["responsible"], draft["backup"], draft["deadline"]) == (
        name,
        responsible,
        backup,
        deadline,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Luis or Marta waters the plants on Tuesdays", "Who of Luis and Marta is responsible?"),
        ("Every day someone from the front desk checks the waiting room", "is not one person"),
        ("The shift leader counts the safe every night at 10pm", "is not one person"),
        ("Every night at 10pm: 1) Ana locks the doors 2) Ben sets the alarm",
         "Steps name Ana and Ben."),
        ("FYI the HVAC needs checking every Monday", "Which one person is responsible?"),
        ("Wipe the mats daily. Owner: Vic and Wes", "“Vic and Wes” is not one person."),
        ("Weekly team meeting on Tuesdays at 9am", "Which one person is responsible?"),
        ("Trash goes out every Tuesday", "Which one person is responsible?"),
    ],
)  # fmt: skip
def test_nobody_is_made_responsible_by_a_guess(text: str, words: str) -> None:
    draft = only(text)
    assert draft["responsible"] is None
    assert any(words in question for question in draft["questions"])


def test_the_chain_goes_on_to_a_fallback_that_is_named() -> None:
    draft = only(
        "Ask Peter to back up the server every night at 11pm. If Peter can't, Quinn does it."
        " If both are out, Rita."
    )
    chain = (draft["responsible"], draft["backup"], draft["fallback"], draft["deadline"])
    assert chain == ("Peter", "Quinn", "Rita", "23:00")
    assert draft["questions"] == []


ORDERED = [
    (("Every Friday at 5pm Lee cleans the grill: first turn off the gas, then scrape the plates,"
     " then degrease the hood, and finally take a photo. Backup: Kim."),
     "Clean the grill",
     ["Turn off the gas", "Scrape the plates", "Degrease the hood", "Take a photo"]),
    (("Weekly on Fridays by 3 pm:\n1. Ana wipes the shelves\n2. empties the bins\n3. takes a photo"
     " of the stock room\nIf she is sick, Ben."),
     "Wipe the shelves and 2 more steps",
     ["Wipe the shelves", "Empty the bins", "Take a photo of the stock room"]),
    (("Opening check (weekdays by 7:15, Ana, backup Ben):\n- Unlock the front door\n- Count the"
     " till\n- Turn on the lights"),
     "Opening check",
     ["Unlock the front door", "Count the till", "Turn on the lights"]),
    ("The closing checklist is: lock doors, lights off, alarm on. Every night by 22:30.",
     "The closing checklist", ["Lock doors", "Lights off", "Alarm on"]),
    ("Every morning Ana opens the shop, then she unlocks the doors and counts the till",
     "Open the shop and 2 more steps", ["Open the shop", "Unlock the doors", "Count the till"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "titles"), ORDERED)
def test_steps_keep_their_order(text: str, name: str, titles: list[str]) -> None:
    draft = only(text)
    assert (draft["name"], [step["title"] for step in draft["steps"]]) == (name, titles)


@pytest.mark.parametrize(
    ("words", "unit", "low", "high"),
    [
        ("Check that the fridge is below 41 °F", "°F", None, 41),
        ("Check the fridge is between 33 and 41 °F", "°F", 33, 41),
        ("Test the pool chlorine, 1 to 3 ppm", "ppm", 1, 3),
        ("Check the hot holding is at least 60 degrees C", "°C", 60, None),
        ("Check the freezer stays under -18 °C", "°C", None, -18),
        ("Check the humidity, max 55%", "%", None, 55),
        ("Check the fridge: 4.5 °C or colder", "°C", None, 4.5),
    ],
)
def test_a_range_makes_a_number_proof(
    words: str, unit: str, low: float | None, high: float | None
) -> None:
    (step,) = only(f"Every day at 8am Ana, backup Ben: {words}")["steps"]
    assert (step["proof"], step.get("unit"), step.get("min"), step.get("max")) == (
        "number",
        unit,
        low,
        high,
    )


def test_a_paragraph_is_taken_apart_into_its_processes() -> None:
    text = (
        "So every morning Ana opens the shop and counts the till. Every Friday Ben does the safety"
        " walk before noon, wednesdays Cara cleans the fryer. And next spring we want to remodel"
        " the kitchen. Monthly on the last working day Priya closes the books, Dana covers when"
        " she's away."
    )
    found = capture(text)
    assert [draft["responsible"] for draft in found["drafts"]] == ["Ana", "Ben", "Cara", "Priya"]
    assert [text[once["start"] : once["end"]] for once in found["once"]] == [
        "And next spring we want to remodel the kitchen."
    ]
    places = [(draft["start"], draft["end"]) for draft in found["drafts"]]
    assert places == sorted(places)


def test_times_that_one_rule_cannot_hold_become_two_drafts() -> None:
    drafts = capture("Every day at 8:30 and 17:00 Mia counts the children")["drafts"]
    assert [(draft["name"], draft["deadline"]) for draft in drafts] == [
        ("Count the children (08:30)", "08:30"),
        ("Count the children (17:00)", "17:00"),
    ]


def test_what_is_assumed_is_said() -> None:
    assert only("Every wednsday Ana checks the pump")["assumed"] == [
        "“wednsday” is read as Wednesday."
    ]
    assert only("Every mornign befor 9 Ana checks the pump")["assumed"] == [
        "“mornign” is read as morning.",
        "“befor” is read as before.",
    ]
    assert only("Every night at midnight Ana checks the pump")["assumed"] == [
        "“at midnight” is read as 00:00, when the day begins."
    ]
    asked = "“Is it enough?” is a question, and so no work."
    assert only("Is it enough? Every day at 8 Ana checks the pump")["assumed"] == [asked]
    assert only("On the 31st of every month Ana checks the pump")["assumed"] == [
        "A month without day 31 is left out."
    ]


def test_another_language_is_said_to_be_one_before_anything_else_is_asked() -> None:
    draft = only("Cada lunes a las 9 Ana limpia la parrilla\nResponsible: Ana\nBackup: Ben")
    assert draft["questions"][0].startswith("This looks like another language")
    assert (draft["responsible"], draft["backup"], draft["steps"]) == ("Ana", "Ben", [])


def test_an_answer_on_a_line_of_its_own_counts_more_than_what_was_open() -> None:
    told = "Ana reviews the rota biweekly by 6\nHow often: every 2 weeks on Friday\nDue: 18:00\n"
    draft = only(f"{told}Backup: Ben\nFinal fallback: Fay\nFirst due: 2026-12-04\nProof 1: photo")
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    assert draft["cadence"]["starts"] == "2026-12-04"
    assert (draft["deadline"], draft["backup"], draft["fallback"]) == ("18:00", "Ben", "Fay")
    assert [step["proof"] for step in draft["steps"]] == ["photo"]
    assert draft["questions"] == []


def test_an_answered_cadence_still_leaves_out_what_the_text_leaves_out() -> None:
    draft = only("Ana checks the pump biweekly, not in July\nHow often: every Friday")
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYMONTH=1,2,3,4,5,6,8,9,10,11,12;BYDAY=FR"
    assert draft["cadence"]["words"] == "every Friday except in July"


# Lines of a list, and the processes that they are: name, responsible, how often.
LISTS = [
    (("Every day at 7 Ana opens the gate\nfridge temps twice a day Jo\n"
      "Every Friday Ben counts the till"),
     [("Open the gate", "Ana", "every day"), ("Fridge temps", "Jo", None),
      ("Count the till", "Ben", "every Friday")]),
    (("fridge temps twice a day at 8 and 16 Jo\nclean coffee machine daily Ana\n"
      "bins out every tuesday Ben"),
     [("Fridge temps", "Jo", "every day at 08:00 and 16:00"),
      ("Clean coffee machine", "Ana", "every day"), ("Bins out", "Ben", "every Tuesday")]),
    (("- fridge temps twice a day Jo\n- clean coffee machine daily Ana\n"
      "- bins out tuesday night Ben"),
     [("Fridge temps", "Jo", None), ("Clean coffee machine", "Ana", "every day"),
      ("Bins out", "Ben", None)]),
    ("1. Mop every evening, Sam\n2. Boiler pressure every Monday\n3. Till count Fridays Kim",
     [("Mop", "Sam", "every day"), ("Boiler pressure", None, "every Monday"),
      ("Till count", "Kim", "every Friday")]),
    ("Clean the grill\nevery Monday at 9\nBen", [("Clean the grill", "Ben", "every Monday")]),
    ("Opening check, weekdays:\n- wipe tables\n- count till on Fridays\n- lights on",
     [("Opening check", None, "every weekday")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "processes"), LISTS)
def test_a_line_of_a_list_with_a_thing_and_a_time_of_its_own_is_a_process(text, processes) -> None:
    drafts = capture(text)["drafts"]
    assert [(d["name"], d["responsible"], d["cadence"]["words"]) for d in drafts] == processes


def test_a_name_behind_the_time_is_who_does_it_and_a_thing_there_is_not() -> None:
    assert only("fridge temps twice a day Jo")["responsible"] == "Jo"
    assert only("Send to the bank every Monday Google Drive")["responsible"] is None
