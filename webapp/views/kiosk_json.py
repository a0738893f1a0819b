"""What a kiosk shows, as JSON: its location's day and the people whose names are there."""

from datetime import datetime, time
from typing import Any

from webapp.context import session, settings
from webapp.models import Kiosk, Location, Organisation, Person
from webapp.rules.moment_words import local_date
from webapp.sealing import load_or_create_key
from webapp.services import availability, board, kiosk_people
from webapp.views import presenters

SIGN_OUT_AFTER_S = 120
LANGUAGES = ("en",)


def board_json(kiosk: Kiosk, moment: datetime) -> dict[str, Any]:
    """Return the day at the kiosk's location."""
    runs = board.at_location(session(), kiosk.location, moment)
    organisation = session().get_one(Organisation, kiosk.org_id)
    people = kiosk_people.of(session(), kiosk, runs)
    return {
        "server_time": moment,
        "kiosk": {"id": kiosk.id, "name": kiosk.name},
        "organisation": {"id": organisation.id, "name": organisation.name},
        "location": place_json(kiosk.location),
        "people": _people(people, kiosk.location, moment),
        "runs": presenters.runs_json(session(), None, runs),
        "seal_key": load_or_create_key(settings().data_dir).public_jwk,
        "sign_out_after_s": SIGN_OUT_AFTER_S,
        "languages": list(LANGUAGES),
    }


def place_json(location: Location) -> dict[str, Any]:
    """Return a location with its hours by its own clock."""
    return {
        "id": location.id,
        "name": location.name,
        "time_zone": location.time_zone,
        "opens": _clock(location.opens),
        "closes": _clock(location.closes),
    }


def _people(people: list[Person], location: Location, moment: datetime) -> list[dict[str, Any]]:
    today = local_date(moment, location.time_zone)
    with availability.at_hand(session(), [person.id for person in people]):
        return [
            {
                "id": person.id,
                "name": person.name,
                "initials": initials(person.name),
                "has_pin": person.pin_hash is not None,
                "away": availability.is_away(session(), person.id, today),
            }
            for person in people
        ]


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name: "AB", or "A"."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()


def _clock(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at else None
