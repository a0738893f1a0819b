"""Who hears of what the auditor finds, and of an engine that is silent."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.audit.busy import Busy, look_over
from tests.factories import proof, signed_in
from webapp import cli
from webapp.cli import running
from webapp.models import EngineState
from webapp.services import audit, health

NOTE = (("Gate latch", proof("note")),)


@pytest.fixture
def day(session, clock, crew) -> Busy:
    return Busy(session, clock, crew, steps=NOTE, review="none").begin()


@pytest.fixture
def as_person(app, session, clock, crew):
    """A browser of the person of that name."""
    return lambda name: signed_in(app, session, crew.people[name], clock.now())


def audited(day: Busy) -> None:
    """What the auditor beside the clock does."""
    day.session.commit()
    audit.keep(day.session, look_over(), day.clock.now())
    day.session.commit()


def lose_a_handoff(day: Busy) -> None:
    day.later(minutes=50)
    day.spoils("DELETE FROM handoff WHERE step_run_id = :id", id=day.step.id)
    audited(day)


def test_a_clean_audit_is_remembered_with_its_time(day):
    audited(day)
    state = day.session.get(EngineState, 1)
    assert (state.last_audit_at, state.last_clean_audit_at) == (day.clock.now(),) * 2
    assert state.findings == []
    assert health.reasons(day.session, day.clock.now()) == []


def test_a_finding_keeps_the_time_of_the_last_clean_audit(day):
    audited(day)
    clean_at = day.clock.now()
    lose_a_handoff(day)
    state = day.session.get(EngineState, 1)
    assert (state.last_audit_at, state.last_clean_audit_at) == (day.clock.now(), clean_at)


def test_a_monitor_is_told_of_a_finding_without_names(day, client):
    lose_a_handoff(day)
    answer = client.get("/healthz/deep")
    assert answer.status_code == 503
    assert answer.json["reasons"] == ["The audit found: a handoff of the record is missing (1)."]
    lines = client.get("/metrics").text.splitlines()
    assert {"baton_audit_findings 1", "baton_audit_age_seconds 0"} <= set(lines)


def test_an_auditor_that_is_silent_is_a_reason(day, client):
    audited(day)
    for _ in range(3):
        day.later(seconds=30)
    assert client.get("/healthz/deep").json["reasons"] == [
        "The auditor has been silent for 1 minute."
    ]


def test_the_owner_reads_a_finding_in_a_sentence_that_leads_to_the_run(day, as_person):
    lose_a_handoff(day)
    page = as_person("olivia").get("/inbox").text
    assert "was handed on to Ben; that handoff is gone." in page
    assert f"/runs/{day.step.run_id}" in page
    assert "that handoff is gone" not in as_person("maya").get("/inbox").text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "„Gate latch“ aus Opening check (Downtown) wurde an Ben weitergegeben; diese"),
        ("fr", "« Gate latch » de Opening check, Downtown a été transmise à Ben ; ce relais"),
    ],
)
def test_the_owner_reads_a_finding_in_their_own_language(day, as_person, language, said):
    lose_a_handoff(day)
    day.crew.olivia.language = language
    day.session.commit()
    page = as_person("olivia").get("/inbox").text
    assert said in page.replace("\xa0", " ")
    assert "handed on" not in page


def test_what_the_engine_owes_is_said_to_the_owner_in_their_own_language(day, as_person, client):
    day.later(minutes=50)
    day.spoils(
        "UPDATE step_run SET escalate_at = :at WHERE id = :id",
        id=day.step.id,
        at=(day.clock.now() - timedelta(minutes=5)).replace(tzinfo=None).isoformat(" "),
    )
    day.crew.olivia.language = "de"
    day.session.commit()
    page = as_person("olivia").get("/inbox").text
    assert "1 Weitergabe ist seit über einer Minute überfällig." in page
    reasons = client.get("/healthz/deep", headers={"Accept-Language": "de"}).json["reasons"]
    assert "1 handoff is overdue by more than a minute." in reasons


def test_a_finding_that_an_older_baton_kept_is_shown_as_it_was_kept(day, as_person, session):
    lose_a_handoff(day)
    state = session.get(EngineState, 1)
    state.findings = [{k: v for k, v in each.items() if k != "said"} for each in state.findings]
    session.commit()
    assert "that handoff is gone." in as_person("olivia").get("/inbox").text


def test_another_organisation_hears_nothing_of_it(day, app, session, clock):
    lose_a_handoff(day)
    assert audit.findings_of(session, "another") == []


@pytest.mark.parametrize("path", ["/inbox", "/people", "/processes", "/locations"])
def test_a_silent_clock_is_said_on_every_page_of_owners_and_managers(day, as_person, path):
    for who in ("olivia", "maya"):
        browser = as_person(who)
        assert "silent" not in browser.get(path).text
        day.clock.advance(seconds=61)
        page = browser.get(path).text
        assert page.count("The clock has been silent for 1 minute.") == 1
        assert "Missed work does not move on, and nobody is told" in page
        day.later(seconds=1)


def test_today_tells_owners_of_a_silent_worker_and_leaves_staff_alone(day, as_person, session):
    session.get(EngineState, 1).worker_seen_at = day.clock.now() - timedelta(minutes=2)
    session.commit()
    (said,) = as_person("olivia").get("/api/v1/today").json["engine"]["silent"]
    assert said.startswith("The worker has been silent for 2 minutes. Nobody is told")
    assert as_person("ana").get("/api/v1/today").json["engine"] == {"silent": []}


def run_audit(monkeypatch, app, *options: str):
    monkeypatch.setattr(running, "create_app", lambda: app)
    monkeypatch.setattr(running.database, "upgrade_current", lambda: None)
    return CliRunner().invoke(cli.baton, ["audit", *options])


def test_the_command_says_that_all_is_well_and_exits_0(day, app, monkeypatch):
    done = run_audit(monkeypatch, app, "--json")
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert said == {"clean": True, "at": day.clock.now().isoformat(), "findings": []}


def test_the_command_gives_one_document_of_findings_and_exits_1(day, app, monkeypatch):
    lose_a_handoff(day)
    done = run_audit(monkeypatch, app, "--json")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["clean"]) == (1, False)
    (finding,) = said["findings"]
    assert finding["code"] == "handoff_missing"
    assert finding["subject"] == day.step.id
    assert finding["organisation"] == day.crew.org_id
    assert finding["severity"] == "lost"


def test_the_command_speaks_in_words(day, app, monkeypatch):
    assert "Clean" in run_audit(monkeypatch, app).stdout
    lose_a_handoff(day)
    assert "handoff_missing: “Gate latch”" in run_audit(monkeypatch, app).stdout
