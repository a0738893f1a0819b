"""Every kind of fault, and on which database it can strike."""

PROCESSES = ("kill_web", "kill_worker", "kill_clock", "kill_only_worker", "kill_sender")
POINTS_OF_THE_CLOCK = ("after_claim", "after_handoff", "after_outbox", "after_commit")
POINTS_OF_THE_WORKER = ("after_lease", "after_send")
POINTS = tuple(f"at_{point}" for point in (*POINTS_OF_THE_CLOCK, *POINTS_OF_THE_WORKER))
REDIS = ("redis_killed", "redis_flushed", "redis_stopped")
POSTGRESQL = ("postgresql_killed", "postgresql_stopped", "postgresql_frozen")
SQLITE = ("sqlite_locked", "disk_full")
SEVERAL = ("two_of_each", "holder_frozen")
JUMPS = ("clock_forward", "clock_back")
DATES = ("spring_forward", "autumn_back", "leap_day")

# What the push service answers to the next pushes of one phone.
ANSWERS: dict[str, dict[str, object]] = {
    "push_dropped": {"status": 201, "dropped": True},
    "push_429_seconds": {"status": 429, "headers": {"Retry-After": "20"}},
    "push_429_date": {"status": 429},  # the date is written when the fault strikes
    "push_400": {"status": 400},
    "push_403": {"status": 403},
    "push_404": {"status": 404},
    "push_410": {"status": 410},
    "push_413": {"status": 413},
    "push_500": {"status": 500},
    "push_503": {"status": 503},
    "push_slow": {"delay": 1.0},
    "push_reset": {"reset": True},
    "push_redirect": {"status": 307, "headers": {"Location": "https://elsewhere.example/push"}},
}
PUSH = (*ANSWERS, "push_tls")
FORGETTING = frozenset({"push_404", "push_410"})
REFUSING = frozenset({"push_400", "push_403", "push_413", "push_redirect"})

ANYWHERE = (*PROCESSES, *POINTS, *REDIS, *SEVERAL, *JUMPS, *DATES, *PUSH)

# After these a push may have been taken although the worker does not know it.
SENDS_AGAIN = frozenset(
    {*PROCESSES, *POINTS, *POSTGRESQL, *SQLITE, *SEVERAL, *REDIS, "push_reset", "push_slow"}
)


def of(database: str) -> tuple[str, ...]:
    """The kinds that can strike an installation on this database."""
    return ANYWHERE + (POSTGRESQL if database == "postgresql" else SQLITE)
