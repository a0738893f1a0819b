"""Whatever the organisation, the engine does what was rehearsed."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import reached_by_phone
from tests.services.rehearsals.comparing import differences
from tests.services.rehearsals.live import Live
from tests.services.rehearsals.village import STEP
from webapp.models import Organisation
from webapp.services import absences, definitions, organisations, people, record, rehearsals
from webapp.services.definitions import DraftLevel, ProcessDraft
from webapp.services.other_channels import MAIL_IS_SET_UP

ONE_DAY = timedelta(days=1)
NAMES = ("Ana", "Ben", "Fay")
ROLES = ("assignee", "backup", "fallback")
WAITS = st.sampled_from([0, 1, 2, 7, 45, 61, 300])
# The days before clocks change in these zones, and one on which they do not.
DAYS = st.sampled_from(
    [date(2026, 10, 24), date(2026, 10, 31), date(2027, 3, 13), date(2026, 6, 3)]
)
numbers = count(1)

persons = st.fixed_dictionaries(
    {
        "phone": st.sampled_from(["answers", "silent", "refused", "none", "none"]),
        "mail": st.booleans(),
        "chat": st.booleans(),
        "away": st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), max_size=1),
        "left": st.sampled_from([False, False, False, True]),
    }
)
businesses = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(["America/Chicago", "Europe/Lisbon", "Australia/Lord_Howe"]),
        "people": st.fixed_dictionaries(dict.fromkeys((*NAMES, "Olivia"), persons)),
        "stations": st.integers(2, 3),
        "waits": st.tuples(WAITS, WAITS, WAITS),
        "due": st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
        "opens": st.sampled_from([None, time(0, 0), time(1, 30), time(6, 30)]),
        "within": st.sampled_from([None, None, 0, 5, 90]),
        "remind": st.sampled_from([None, None, 0]),
    }
)


def founded(session, wish, now):
    """An organisation as drawn, with one process that is due every day."""
    number = next(numbers)
    owner = organisations.create(
        session, f"Business {number}", "Main", wish["zone"], "Olivia", None, None, now
    )
    organisation = session.get_one(Organisation, owner.org_id)
    everybody = {
        name: people.add(session, organisation, name, None, "staff", now) for name in NAMES
    } | {"Olivia": owner}
    for name, person in everybody.items():
        equip(session, person, wish["people"][name], f"{name.lower()}-{number}@x.example", now)
    draft = draft_of(wish, [everybody[name].id for name in NAMES])
    definitions.save(session, owner.id, owner.org_id, draft, now)
    for name, person in everybody.items():
        if wish["people"][name]["left"] and person is not owner:
            people.deactivate(session, owner, person, now)
    session.commit()
    return owner.org_id


def equip(session, person, wish, mail, now):
    """Gives the person their ways of being told, and their days away."""
    person.email = mail if wish["mail"] else None
    person.extra_url = "json://chat.example" if wish["chat"] else None
    if wish["phone"] != "none":
        confirmed_at = None if wish["phone"] == "silent" else now
        error = "410" if wish["phone"] == "refused" else None
        reached_by_phone(session, person, confirmed_at=confirmed_at, last_error=error)
    for first, more in wish["away"]:
        begins = now.date() + first * ONE_DAY
        absences.declare(session, person, person, begins, begins + more * ONE_DAY, "", now)


def draft_of(wish, ids):
    waits = wish["waits"]
    levels = [
        DraftLevel(role, person, wait)
        for role, person, wait in zip(ROLES, ids, (0, *waits[:2]), strict=True)
    ][: wish["stations"]]
    return ProcessDraft(
        name="Round",
        locations=("Main",),
        rrule="FREQ=DAILY",
        deadline=wish["due"],
        chain=(*levels, DraftLevel("owner", None, waits[2])),
        steps=(STEP,),
        opens=wish["opens"],
        grace_minutes=waits[0],
        remind_minutes=wish["remind"],
        reached_within_minutes=wish["within"],
    )


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wishes=st.lists(businesses, min_size=5, max_size=5), day=DAYS, hour=st.integers(0, 23))
def test_the_engine_does_what_was_rehearsed_of_any_business(session, clock, wishes, day, hour):
    session.info[MAIL_IS_SET_UP] = True
    now = clock.shows = datetime.combine(day, time(hour, 3), UTC)
    founded_now = [founded(session, wish, now) for wish in wishes]
    played = [
        each for org in founded_now for each in rehearsals.of_organisation(session, org, now, 2)
    ]
    Live(session, clock).run(now + 2 * ONE_DAY + timedelta(hours=16))
    assert list(differences(session, played)) == []
    for org in founded_now:  # the next example has the clock for itself
        for each in definitions.processes(session, org):
            definitions.retire(session, record.SYSTEM, each, clock.now())
    session.commit()
