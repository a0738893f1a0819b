"""One writer of `appends`: writes what it is given, and says each once it is committed.

`python -m tests.bench.appends_writer DIRECTORY DATABASE_URL PERSON close|note` reads ids of step
runs, one a line: each is closed as a phone would, or only noted in the record.
"""

import sys
from datetime import UTC, datetime

from webapp import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Person
from webapp.services import commands, record
from webapp.services.step_commands import Asked

NOTED = "bench.noted"


def main() -> None:
    """Write one after the other, each in a transaction of its own."""
    directory, url, person_id, how = sys.argv[1:]
    settings = Settings.from_env({"BATON_DATA_DIR": directory, "DATABASE_URL": url})
    with create_app(settings).app_context():
        session = db.session()
        print("ready", flush=True)
        for step_run_id in map(str.strip, sys.stdin):
            now = datetime.now(UTC)
            person = session.get_one(Person, person_id)
            if how == "close":
                asked = _asked(step_run_id, now)
                commands.carry_out(session, person, None, asked, now, is_new=True)
            else:
                said = {"text": "All is ready."}
                record.note(session, person.org_id, now, NOTED, person_id, step_run_id, said)
            session.commit()
            print(step_run_id, flush=True)


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


if __name__ == "__main__":
    main()
