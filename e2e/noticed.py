"""What is noticed at the demo daycare so that it can be looked at; its own month is honest."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.stack import Stack
from webapp.models import Person, Process, Signal

FRIDGES = "Fridge temperatures"
HERE = {"hits": 14, "of": 28, "against": "earlier", "there_hits": 6, "there_of": 62}
PLACE = HERE | {"what": "most", "value": "38.5", "unit": "°F", "chance": "2e-05"}
HERS = {"hits": 17, "of": 20, "against": "others", "there_hits": 1, "there_of": 34}
LIN = HERS | {"what": "last", "chance": "4e-11"}
SAID = "The dial hardly moves in the morning. I do read it each time."


def notice(stack: Stack, now: str) -> None:
    """Have the fridge readings of Riverside, and Lin's among them, stand out since last night."""
    noticed_at = datetime.fromisoformat(now).astimezone(UTC) - timedelta(hours=5)
    with stack.database() as session:
        process = session.scalars(select(Process).where(Process.name == FRIDGES)).one()
        lin = session.scalars(select(Person).where(Person.name == "Lin")).one()
        step, place = process.versions[-1].steps[0].key, lin.locations[0].id
        common = {"org_id": process.org_id, "process_id": process.id, "location_id": place}
        seen: dict[str, Any] = {
            "kind": "same",
            "noticed_at": noticed_at,
            "seen_from": noticed_at - timedelta(days=28),
            "seen_until": noticed_at,
        }
        said = {"explanation": SAID, "explained_at": noticed_at + timedelta(hours=1)}
        session.add(Signal(**common, **seen, step_key=step, facts=PLACE))
        session.add(Signal(**common, **seen, person_id=lin.id, facts=LIN, **said))
        session.commit()
