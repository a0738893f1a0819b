"""`python -m worker clock` and `python -m worker deliver`."""

import sys

from webapp import create_app
from webapp.config import SettingError
from worker import logs
from worker.loop import run_clock, run_worker

PROCESSES = {"clock": run_clock, "deliver": run_worker}


def main(arguments: list[str]) -> int:
    """Run one of the two processes; 2 when it cannot start, with the reason in words."""
    if len(arguments) != 1 or arguments[0] not in PROCESSES:
        print("Say which: python -m worker clock, or python -m worker deliver.", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure()
    try:
        return PROCESSES[arguments[0]](create_app())
    except SettingError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
