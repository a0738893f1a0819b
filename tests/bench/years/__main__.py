"""`python -m tests.bench.years`: make years of an organisation, to look at or to measure on."""

import argparse
import tempfile
import threading
from pathlib import Path

from tests.bench.databases import KINDS
from tests.bench.row import seconds
from tests.bench.years.generate import application, count_of_events, fill, model

DAYS_A_YEAR = 365


def main() -> None:
    """Make it, say where it is, and keep its server running until somebody presses Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.years")
    parser.add_argument("--locations", type=int, default=50)
    parser.add_argument("--years", type=float, default=5)
    parser.add_argument("--on", choices=list(KINDS), default="SQLite")
    parser.add_argument("--at", type=Path, help="an empty directory to make it in")
    parser.add_argument("--played", type=int, default=5, help="days that the services play first")
    asked = parser.parse_args()
    at = asked.at or Path(tempfile.mkdtemp(prefix="baton-years-"))
    at.mkdir(parents=True, exist_ok=True)
    made = model(asked.played)
    with KINDS[asked.on](at / "server") as fresh:
        url = fresh()
        with application(at / "data", url) as session:
            days = round(asked.years * DAYS_A_YEAR)
            took = seconds(lambda: fill(session, made, asked.locations, days))
            events = count_of_events(session)
            print(f"{events:,} events in {took:.0f} s, {events / took:,.0f} a second")
        print(f"BATON_TEST_CLOCK=1 BATON_DATA_DIR={at / 'data'}", f"DATABASE_URL={url}" * bool(url))
        if url:
            print("The server runs until Ctrl-C.", flush=True)
            threading.Event().wait()


if __name__ == "__main__":
    main()
