"""The owner reads the record, and anyone with its events can check it."""

from datetime import datetime

import pytest
from sqlalchemy import text

from tests.factories import process, signed_in
from webapp.rules import record as rules
from webapp.services import erasure


def browser(app, session, person, clock):
    return signed_in(app, session, person, clock.now())


def test_the_owner_reads_events_that_verify_by_themselves(app, session, crew, clock):
    process(session, crew, clock.now())
    shown = browser(app, session, crew.olivia, clock).get("/api/v1/record?limit=1000").json
    chained = [
        rules.Event(
            **event
            | {
                "org": shown["organisation"],
                "at": datetime.fromisoformat(event["at"]),
                "salt": bytes.fromhex(event["salt"]),
            }
        )
        for event in shown["events"]
    ]
    head = shown["head"]
    assert rules.verify(chained, (head["seq"], head["hash"])) == rules.Verified(
        head["seq"], head["hash"]
    )


def test_the_record_comes_in_pages(app, session, crew, clock):
    owner = browser(app, session, crew.olivia, clock)
    first = owner.get("/api/v1/record?limit=1").json["events"]
    second = owner.get(f"/api/v1/record?limit=1&after={first[0]['seq']}").json["events"]
    assert [first[0]["seq"], second[0]["seq"]] == [1, 2]


@pytest.mark.parametrize("after", [-1, 2**63, 10**20, "x"])
def test_a_number_that_no_event_can_have_is_refused(app, session, crew, clock, after):
    owner = browser(app, session, crew.olivia, clock)
    assert owner.get(f"/api/v1/record?after={after}").status_code == 422


def test_a_slip_in_what_is_asked_for_does_not_hand_on_everything(app, session, crew, clock):
    owner = browser(app, session, crew.olivia, clock)
    answer = owner.post("/api/v1/record/exports", json={"form": "2026-11-01"})
    assert (answer.status_code, answer.json["code"]) == (422, "not_valid")


def test_verify_names_the_first_event_that_does_not_stand(app, session, crew, clock):
    owner = browser(app, session, crew.olivia, clock)
    assert owner.get("/api/v1/record/verify").json["ok"] is True
    session.execute(text("DROP TRIGGER event_no_update"))
    session.execute(text("UPDATE event SET kind = 'x' WHERE seq = 2"))
    session.commit()
    verdict = owner.get("/api/v1/record/verify").json
    assert (verdict["ok"], verdict["seq"]) == (False, 2)


def test_only_the_owner_reads_the_record(app, session, crew, clock):
    for who in (crew.maya, crew.ana):
        assert browser(app, session, who, clock).get("/api/v1/record").status_code == 403


def test_an_erased_event_is_shown_without_what_it_said(app, session, crew, clock):
    """Its hashes stay, so that whoever reads the record can still check it."""
    session.execute(text("UPDATE event SET payload = NULL, salt = NULL WHERE seq = 2"))
    erasure.note(session, crew.org_id, crew.olivia.id, clock.now(), "person", seqs=[2])
    session.commit()
    owner = browser(app, session, crew.olivia, clock)
    shown = owner.get("/api/v1/record").json["events"][1]
    assert (shown["payload"], shown["salt"], len(shown["payload_hash"])) == (None, None, 64)
    assert owner.get("/api/v1/record/verify").json["ok"] is True
