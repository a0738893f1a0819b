"""What a push service answers ends no sender, however odd it is."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.push_service import PushService
from webapp.push_keys import load_or_create_keys
from worker.push import exchange
from worker.push.letter import Subscription
from worker.push.outcome import Outcome, seconds_until
from worker.push.sender import PushSender


@pytest.mark.parametrize("offset", ["+99999999999999999999", "+9999", "-99999"])
def test_a_date_with_an_offset_beyond_all_days_says_nothing(offset: str) -> None:
    assert seconds_until(f"Mon, 01 Jan 2024 00:00:00 {offset}", 0.0) is None


def test_an_answer_that_cannot_be_read_ends_its_own_post_only(
    tmp_path: Path, push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed = push_service.subscribe()
    device = Subscription(subscribed.endpoint, subscribed.p256dh, subscribed.auth)
    sender = PushSender(load_or_create_keys(tmp_path), insecure=True)

    def send() -> Outcome:
        return sender.send(
            device, b"{}", ttl=60, urgency="low", topic="t", contact="mailto:a@b.example"
        )

    def broken(*_given: object) -> Outcome:
        raise RuntimeError("a defect")

    monkeypatch.setattr(exchange, "outcome_of", broken)
    with capture_logs() as logged:
        assert send() == Outcome("retry", reason="failed")
    assert [line["event"] for line in logged] == ["an answer could not be read"]
    monkeypatch.undo()
    assert send().kind == "accepted"
    assert len(push_service.take()) == 2
    sender.close()
