"""One writer of `appends`: writes what it is given, and says each once it is committed.

`python -m tests.bench.appends_writer DIRECTORY DATABASE_URL PERSON HOW` reads ids of step runs,
one a line. HOW: `close` as a phone would, `batch` a hundred of them at once, `note` only in the
record, `bare` in a table that has nothing but a row to lock and a row to write.
"""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import islice

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Person
from webapp.services import batches, commands, record
from webapp.services.step_commands import Asked

NOTED = "bench.noted"
A_BATCH = 100
BARE = (
    "CREATE TABLE bare_head (seq integer)",
    "INSERT INTO bare_head VALUES (0)",
    "CREATE TABLE bare_event (seq integer PRIMARY KEY, said text, payload text)",
)
_MOVE = text("UPDATE bare_head SET seq = seq + 1")
_WRITE = text("INSERT INTO bare_event SELECT seq, :said, :payload FROM bare_head")
# As long as the row of an event.
_PAYLOAD = "x" * 500


def main() -> None:
    """Write one lot after the other, each in a transaction of its own."""
    directory, url, person_id, how = sys.argv[1:]
    settings = Settings.from_env({"BATON_DATA_DIR": directory, "DATABASE_URL": url})
    with create_app(settings).app_context():
        session = db.session()
        print("ready", flush=True)
        ids = map(str.strip, sys.stdin)
        while lot := list(islice(ids, A_BATCH if how == "batch" else 1)):
            _WAYS[how](session, person_id, lot, datetime.now(UTC))
            session.commit()
            print("\n".join(lot), flush=True)


def _bare(session: Session, _person_id: str, lot: Sequence[str], _now: datetime) -> None:
    session.execute(_MOVE)
    session.execute(_WRITE, {"said": lot[0], "payload": _PAYLOAD})


def _note(session: Session, person_id: str, lot: Sequence[str], now: datetime) -> None:
    said = {"text": "All is ready."}
    record.note(session, _organisation(session), now, NOTED, person_id, lot[0], said)


@cache
def _organisation(session: Session) -> str:
    return session.scalars(select(Person.org_id).limit(1)).one()


def _close(session: Session, person_id: str, lot: Sequence[str], now: datetime) -> None:
    person = session.get_one(Person, person_id)
    commands.carry_out(session, person, None, _asked(lot[0], now), now, is_new=True)


def _batch(session: Session, person_id: str, lot: Sequence[str], now: datetime) -> None:
    person, phone = session.get_one(Person, person_id), f"phone-{os.getpid()}"
    batches.carry_out(session, person, phone, [_asked(each, now) for each in lot], now)


def _asked(step_run_id: str, now: datetime) -> Asked:
    return Asked(
        id=f"close-{step_run_id}",
        seq=None,
        kind="complete_step",
        step_run_id=step_run_id,
        attempt=1,
        captured_at=now,
        skew_ms=0,
        sent_at=now,
        content={"proof": {"kind": "note", "text": "All is ready."}},
    )


_WAYS: dict[str, Callable[[Session, str, Sequence[str], datetime], None]] = {
    "bare": _bare,
    "note": _note,
    "close": _close,
    "batch": _batch,
}

if __name__ == "__main__":
    main()
