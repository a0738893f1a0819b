"""The offline screens stay light: own scripts as the server sends them, gzipped."""

from apiflask import APIFlask

from tests.offline.sizes import measure

SCREENS_BUDGET = 25_000
WORKER_BUDGET = 6_000


def test_the_screens_of_the_day_and_of_a_run_stay_within_their_budget(app: APIFlask) -> None:
    assert sum(measure(app).first.values()) <= SCREENS_BUDGET


def test_the_service_worker_stays_within_its_budget(app: APIFlask) -> None:
    assert sum(measure(app).worker.values()) <= WORKER_BUDGET
