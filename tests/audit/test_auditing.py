"""The auditor beside the clock, and the heartbeat that only a clean audit sends."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.audit.busy import Busy
from tests.factories import proof
from webapp.config import SettingError, Settings
from webapp.models import EngineState
from worker import auditing, heartbeat
from worker.auditing import Auditor
from worker.heartbeat import Heartbeat


class Monitor:
    """A monitor that counts who asks for its address."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        monitor = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                monitor.asked += 1
                self.send_response(monitor.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/ping"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.server.shutdown()
    monitor.server.server_close()


@pytest.fixture
def day(session, clock, crew) -> Busy:
    return Busy(session, clock, crew, steps=(("Gate", proof("note")),), review="none").begin()


def test_only_a_clean_audit_tells_the_monitor(day, monitor):
    day.later(minutes=50)
    day.spoils("DELETE FROM handoff WHERE step_run_id = :id", id=day.step.id)
    auditor = Auditor(Heartbeat(monitor.url))
    assert [each.code for each in auditor.audit_once(day.clock.now())] == ["handoff_missing"]
    assert monitor.asked == 0


def test_the_monitor_is_told_once_a_minute_at_most(day, monitor, monkeypatch):
    seconds = [1000.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: seconds[0])
    auditor = Auditor(Heartbeat(monitor.url))
    for expected in (1, 1, 1, 1, 2):
        assert auditor.audit_once(day.clock.now()) == []
        assert monitor.asked == expected
        seconds[0] += 15


@pytest.mark.parametrize("trouble", ["refuses", "is_away"])
def test_a_monitor_in_trouble_harms_nothing(day, monitor, trouble):
    monitor.status = 500
    url = monitor.url if trouble == "refuses" else "http://127.0.0.1:1/ping"
    Auditor(Heartbeat(url)).audit_once(day.clock.now())
    assert day.session.get(EngineState, 1).last_clean_audit_at == day.clock.now()


def test_an_audit_that_fails_is_left_for_the_next(app, day, monkeypatch):
    def fail(*_):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(auditing.audit, "audit", fail)
    Auditor(Heartbeat(None)).audit_or_leave()
    assert day.session.get(EngineState, 1).last_audit_at is None


def test_the_auditor_runs_beside_and_ends_when_told(app, day, monkeypatch):
    looked, stop = threading.Event(), threading.Event()
    monkeypatch.setattr(auditing.Auditor, "audit_or_leave", lambda _self: looked.set())
    monkeypatch.setattr(auditing, "FIRST_AFTER", 0)
    auditing.begin(app, stop)
    assert looked.wait(5)
    stop.set()


@pytest.mark.parametrize(
    "url", ["http://monitor.example/ping", "monitor.example", "ftp://x/", "https://"]
)
def test_a_heartbeat_address_that_anybody_could_listen_to_is_refused(tmp_path, url):
    with pytest.raises(SettingError, match="BATON_HEARTBEAT_URL"):
        Settings.from_env({"BATON_DATA_DIR": str(tmp_path), "BATON_HEARTBEAT_URL": url})


def test_a_heartbeat_address_is_read(tmp_path):
    url = "https://monitor.example/ping/abc"
    env = {"BATON_DATA_DIR": str(tmp_path), "BATON_HEARTBEAT_URL": url}
    assert Settings.from_env(env).heartbeat_url == url
    assert Settings.from_env(env | {"BATON_HEARTBEAT_URL": ""}).heartbeat_url is None
