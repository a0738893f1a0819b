"""Places where the crash tests kill a process, as a power cut would."""

import os

KILLED = 137


def reached(name: str) -> None:
    """Die here, without any clean-up, if `BATON_FAILPOINT` names this place."""
    if os.environ.get("BATON_FAILPOINT") == name:
        os._exit(KILLED)
