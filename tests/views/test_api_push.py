"""Where a browser takes push, and how far each message came."""

import pytest
from sqlalchemy import select

from tests.day import photo_proof
from tests.factories import crew_of_a_daycare, signed_in
from tests.push_service.devices import Device as Phone
from tests.statements import statements
from tests.views.api_day import api_day  # noqa: F401
from webapp.models import Event, OutboxMessage, PushSubscription, Receipt
from webapp.push_keys import load_or_create_keys

SERVICE = "https://fcm.googleapis.com"


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day()


def subscription(device: str = "phone", origin: str = SERVICE) -> dict:
    made = Phone().subscription(origin)
    keys = {"p256dh": made.p256dh, "auth": made.auth}
    return {"device": device, "endpoint": made.endpoint, "keys": keys}


def subscribes(day, who: str, asked: dict | None = None):
    return day.browser(who).post("/api/v1/push-subscriptions", json=asked or subscription())


def told(day) -> OutboxMessage:
    day.later(minutes=50)
    return day.session.scalars(select(OutboxMessage)).one()


def reports(day, who: str, message: str, event: str = "reached", device: str = "phone"):
    body = {"message": message, "device": device, "event": event}
    return day.browser(who).post("/api/v1/receipts", json=body)


def test_a_browser_subscribes_to_the_installations_own_key(monday, settings):
    key = monday.browser("ana").get("/api/v1/push-key").json["key"]
    assert key == load_or_create_keys(settings.data_dir).application_server_key
    assert len(key) == 87


def test_a_subscription_is_kept_and_noted(monday):
    answer = subscribes(monday, "ben")
    assert answer.status_code == 201
    row = monday.session.get(PushSubscription, answer.json["id"])
    assert (row.person_id, row.device_id, row.confirmed_at) == (monday.crew.ben.id, "phone", None)
    assert monday.session.scalars(select(Event).where(Event.kind == "device.reachable")).one()


def test_subscribing_again_changes_nothing_but_the_keys(monday):
    asked = subscription()
    first = subscribes(monday, "ben", asked).json["id"]
    newer = asked | {"keys": subscription()["keys"]}
    assert subscribes(monday, "ben", newer).json["id"] == first
    kept = monday.session.scalars(select(PushSubscription)).one()
    assert kept.p256dh == newer["keys"]["p256dh"]


def test_a_browsers_new_endpoint_replaces_its_old_one(monday):
    subscribes(monday, "ben")
    newer = subscription()
    subscribes(monday, "ben", newer)
    assert monday.session.scalars(select(PushSubscription.endpoint)).all() == [newer["endpoint"]]


def test_a_phone_that_changes_hands_tells_only_its_new_holder(monday):
    asked = subscription()
    subscribes(monday, "ben", asked)
    subscribes(monday, "fay", asked)
    kept = monday.session.scalars(select(PushSubscription)).one()
    assert kept.person_id == monday.crew.fay.id


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/push/1",
        "https://169.254.169.254/latest",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "file:///etc/passwd",
        "",
        "\x00",
        "https://fcm.googleapis.com/" + "x" * 2030,
    ],
)
def test_an_address_that_is_no_browsers_is_refused(monday, endpoint):
    answer = subscribes(monday, "ben", subscription() | {"endpoint": endpoint})
    assert answer.status_code == 422
    assert answer.json["code"] in ("endpoint_not_allowed", "not_valid")
    assert monday.session.scalars(select(PushSubscription)).all() == []


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": "short", "auth": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"p256dh": "A" * 87, "auth": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"p256dh": Phone().subscription(SERVICE).p256dh, "auth": "!"},
    ],
)
def test_keys_that_encrypt_nothing_are_refused(monday, keys):
    answer = subscribes(monday, "ben", subscription() | {"keys": keys})
    assert (answer.status_code, answer.json["code"]) == (422, "subscription_not_valid")


def test_a_person_has_ten_devices_at_most(monday):
    for number in range(10):
        assert subscribes(monday, "ben", subscription(f"phone-{number}")).status_code == 201
    answer = subscribes(monday, "ben", subscription("one-too-many"))
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")
    assert "Ben has 10 devices" in answer.json["detail"]


def test_one_unsubscribes_ones_own_browser_and_nobody_elses(monday):
    made = subscribes(monday, "ben").json["id"]
    address = f"/api/v1/push-subscriptions/{made}"
    for stranger in ("fay", "olivia"):
        assert monday.browser(stranger).delete(address).status_code == 404
    assert monday.browser("ben").delete(address).status_code == 204
    assert monday.browser("ben").delete(address).status_code == 404


def test_the_first_receipt_confirms_the_subscription(monday):
    subscribes(monday, "ben")
    message = told(monday)
    assert reports(monday, "ben", message.id).status_code == 204
    assert monday.session.scalars(select(PushSubscription)).one().confirmed_at == monday.clock.now()


def test_what_was_acted_on_was_opened_and_reached_too_and_the_first_time_counts(monday):
    message = told(monday)
    at = monday.clock.now()
    reports(monday, "ben", message.id, "acted")
    monday.clock.advance(minutes=1)
    reports(monday, "ben", message.id, "reached")
    kept = monday.session.scalars(select(Receipt)).one()
    assert (kept.reached_at, kept.opened_at, kept.acted_at) == (at, at, at)


def test_a_receipt_for_somebody_elses_message_is_for_nothing(monday):
    message = told(monday)
    bakery = crew_of_a_daycare(monday.session, monday.clock.now(), name="Bakery")
    stranger = signed_in(monday._app, monday.session, bakery.ben, monday.clock.now())
    body = {"message": message.id, "device": "phone", "event": "reached"}
    answers = [
        stranger.post("/api/v1/receipts", json=body),
        reports(monday, "fay", message.id),
        reports(monday, "fay", "01NEVER0000000000000000000"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].json == answers[2].json
    assert monday.session.scalars(select(Receipt)).all() == []


@pytest.mark.parametrize("wrong", [{"event": "seen"}, {"device": ""}, {"message": None}, {"x": 1}])
def test_a_receipt_that_cannot_be_read_is_refused(monday, wrong):
    body = {"message": "m", "device": "phone", "event": "reached"} | wrong
    answer = monday.browser("ben").post("/api/v1/receipts", json=body)
    assert (answer.status_code, answer.json["code"]) == (422, "not_valid")


def opens(day, who: str, **body):
    asked = {"device": "laptop", "event": "opened"} | body
    return day.browser(who).post("/api/v1/receipts", json=asked)


def test_a_page_tells_which_steps_were_opened_on_it(monday):
    message = told(monday)
    assert opens(monday, "ben", step_runs=[message.step_run_id]).status_code == 204
    kept = monday.session.get(Receipt, (message.id, "laptop"))
    assert kept.reached_at == kept.opened_at == monday.clock.now()


def test_a_page_of_somebody_who_does_not_hold_the_step_changes_nothing(monday):
    message = told(monday)
    assert opens(monday, "fay", step_runs=[message.step_run_id]).status_code == 204
    assert monday.session.scalars(select(Receipt)).all() == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="about nothing"),
        pytest.param({"message": "m", "step_runs": ["s"]}, id="about two things"),
        pytest.param({"step_runs": ["s"], "event": "acted"}, id="acted on a page"),
        pytest.param({"step_runs": ["s"] * 201}, id="too many"),
    ],
)
def test_a_receipt_is_about_one_thing(monday, body):
    assert opens(monday, "ben", **body).status_code == 422


def test_a_browser_hears_whether_its_subscription_was_refused(monday):
    asked = subscription()
    fresh = subscribes(monday, "ben", asked).json
    assert (fresh["refused"], fresh["confirmed_at"]) == (False, None)
    monday.session.get(PushSubscription, fresh["id"]).last_error = "http_403"
    monday.session.commit()
    assert subscribes(monday, "ben", asked).json["refused"] is True
    anew = subscribes(monday, "ben", subscription()).json
    assert (anew["refused"], anew["id"] != fresh["id"]) == (False, True)


def test_a_browser_that_changes_hands_has_to_show_again_that_it_works(monday):
    asked = subscription()
    row = monday.session.get(PushSubscription, subscribes(monday, "ben", asked).json["id"])
    row.confirmed_at = monday.clock.now()
    monday.session.commit()
    assert subscribes(monday, "ben", asked).json["confirmed_at"] is not None
    assert subscribes(monday, "fay", asked).json["confirmed_at"] is None


def taken(ran) -> list[str]:
    """Of the statements that ran, which of the two tables they wrote to, in their order."""
    starts = {"UPDATE device ": "device", "INSERT INTO receipt ": "receipt"}
    return [starts[start] for sql, _ in ran for start in starts if sql.startswith(start)]


@pytest.mark.parametrize("said", ["a message", "a page"])
def test_an_answer_takes_the_device_before_the_receipts_as_a_batch_does(monday, said):
    monday.sync("ben")
    message = told(monday)
    monday.clock.advance(minutes=1)
    with statements(monday.session) as ran:
        if said == "a message":
            reports(monday, "ben", message.id, device="phone-of-ben")
        else:
            body = {"step_runs": [monday.step.id], "device": "phone-of-ben", "event": "opened"}
            monday.browser("ben").post("/api/v1/receipts", json=body)
    assert taken(ran) == ["device", "receipt"]
    monday.clock.advance(minutes=1)
    with statements(monday.session) as ran:
        monday.sync("ben", monday.command(proof=photo_proof(b"x")))
    assert taken(ran)[:2] == ["device", "receipt"]


def test_a_person_tries_out_their_own_device(monday):
    subscribes(monday, "ben")
    sent = monday.browser("ben").post("/api/v1/test-messages")
    assert (sent.status_code, sent.json["state"], sent.json["reached_on"]) == (201, "queued", [])
    reports(monday, "ben", sent.json["id"])
    said = monday.browser("ben").get(f"/api/v1/test-messages/{sent.json['id']}").json
    assert (said["state"], said["reached_on"]) == ("reached", ["phone"])


def test_a_second_test_message_waits_a_minute(monday):
    monday.browser("ben").post("/api/v1/test-messages")
    assert monday.browser("ben").post("/api/v1/test-messages").status_code == 429
    monday.clock.advance(minutes=1)
    assert monday.browser("ben").post("/api/v1/test-messages").status_code == 201


def test_how_far_a_test_message_came_is_its_own_persons_matter(monday):
    mine = monday.browser("ben").post("/api/v1/test-messages").json["id"]
    assert monday.browser("fay").get(f"/api/v1/test-messages/{mine}").status_code == 404
    assert monday.browser("ben").get("/api/v1/test-messages/nothing").status_code == 404
