"""`python -m worker clock` and `python -m worker deliver`."""

import sys

from webapp import create_app
from webapp.config import SettingError
from worker import logs

PROCESSES = ("clock", "deliver")


def main(arguments: list[str]) -> int:
    """Run one of the two processes; 2 when it cannot start, with the reason in words."""
    if len(arguments) != 1 or arguments[0] not in PROCESSES:
        print("Say which: python -m worker clock, or python -m worker deliver.", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure()
    try:
        return _run(arguments[0])
    except SettingError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2


def _run(process: str) -> int:
    """Wire the application first: a wrong setting is said before the rest is even imported."""
    app = create_app()
    from worker.loop import run_clock, run_worker

    return run_clock(app) if process == "clock" else run_worker(app)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
