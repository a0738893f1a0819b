"""A push leaves for a push service or not at all: hostile endpoints cause no connection."""

import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from flask import current_app
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import AnyHttpUrl
from sqlalchemy import delete, select

from tests.conformance.endpoints import OF_BROWSERS
from tests.conformance.hidden import HIDDEN
from tests.conformance.hostile import FCM, HOSTILE
from tests.conformance.hostile_addresses import Hostile
from tests.conformance.no_network import NoNetwork, no_network, watched
from tests.conformance.wire import Line, Phone, subscription_of
from tests.conformance.wire import post as push
from tests.factories import signed_in
from tests.push_service.devices import Device
from tests.worker.conftest import UNTIL_MISSED, Post
from webapp.config import Settings
from webapp.models import PushSubscription, new_id
from webapp.push_keys import VapidKeys
from webapp.rules.push_endpoint import SubscriptionError, check_endpoint
from worker.push.outcome import Outcome
from worker.push.sender import PushSender, Subscription

REAL = "https://fcm.googleapis.com"
PUBLIC, OTHER_PUBLIC = "142.250.1.95", "2a00:1450:4001::5f"


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[NoNetwork]:
    with no_network(monkeypatch) as gone:
        yield gone


@pytest.fixture
def real_sender(keys: VapidKeys) -> Iterator[PushSender]:
    """The sender as an installation has it; each test has one that remembers nothing."""
    sender = PushSender(keys)
    yield sender
    sender.close()


def to(endpoint: str) -> Subscription:
    """A device with keys in order, wherever it claims to listen."""
    return replace(subscription_of(Phone(), REAL), endpoint=endpoint)


def shown(hostile: Hostile) -> str:
    return json.dumps(hostile.endpoint[:60])


def test_there_are_more_than_a_hundred_hostile_endpoints_and_none_twice() -> None:
    assert len({hostile.endpoint for hostile in HOSTILE}) == len(HOSTILE) >= 100


@pytest.mark.parametrize("hostile", HOSTILE, ids=shown)
def test_a_hostile_endpoint_is_refused_without_a_look_up(
    real_sender: PushSender, network: NoNetwork, hostile: Hostile
) -> None:
    network.resolves_to([PUBLIC])
    assert push(real_sender, to(hostile.endpoint)) == Outcome("refused", reason=hostile.reason)
    assert (network.asked, network.dialled) == ([], [])


PIECES = [
    *("@", ":", "/", "\\", "#", "?", "%", "%2e", "%40", ".", "..", "[", "]", "::", ":443", ":80"),
    *("xn--", FCM, ".push.apple.com", "127.0.0.1", "evil.example", "-", "_", "0", "\t", " ", "\n"),
    *("\u3002", "\u200d", "&", ";", "=", "+", ",", "|", "^", '"', "https:", "//"),
]
SEEDS = [url for url, _ in OF_BROWSERS] * 40 + [hostile.endpoint[:300] for hostile in HOSTILE]


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """An endpoint, real or hostile, with a few pieces put in, taken out or put together."""
    url = draw(st.sampled_from(SEEDS))
    for piece in draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3)):
        at = draw(st.integers(0, len(url)))
        url = url[:at] + piece + url[at + draw(st.integers(0, 3)) :]
    return url


@given(url=mangled())
@hypothesis_settings(max_examples=300, deadline=None)
def test_another_parser_of_addresses_sees_the_same_host_in_what_is_taken(url: str) -> None:
    """The URL standard's own parser, which browsers and most clients follow, must not disagree."""
    try:
        taken = check_endpoint(url)
    except SubscriptionError:
        return
    read = AnyHttpUrl(url)
    assert (read.scheme, read.host, read.port) == ("https", taken.host, 443)
    assert (read.username, read.password, read.fragment) == (None, None, None)


@pytest.mark.parametrize(("leads_to", "addresses"), HIDDEN, ids=str)
def test_a_name_that_leads_inside_is_refused_without_a_connection(
    real_sender: PushSender, network: NoNetwork, leads_to: str, addresses: list[str]
) -> None:
    network.resolves_to(addresses)
    assert push(real_sender, to(f"{REAL}/x")) == Outcome("refused", reason="address_not_public")
    assert (network.asked, network.dialled) == (["fcm.googleapis.com"], [])


@pytest.mark.parametrize(
    "address",
    [PUBLIC, OTHER_PUBLIC, "8.8.8.8", "1.1.1.1", f"::ffff:{PUBLIC}", "64:ff9b::8efa:15f"],
)
def test_a_public_address_is_dialled(
    real_sender: PushSender, network: NoNetwork, address: str
) -> None:
    network.resolves_to([address])
    assert push(real_sender, to(f"{REAL}/x")) == Outcome("retry", reason="connection")
    assert [ip_address(dialled) for dialled in network.dialled] == [ip_address(address)]


def test_a_name_that_turns_inside_between_two_tries_is_refused_then(
    real_sender: PushSender, network: NoNetwork
) -> None:
    network.resolves_to([PUBLIC], ["10.0.0.8"])
    first, second = (push(real_sender, to(f"{REAL}/x")) for _ in range(2))
    assert (first.kind, second.reason) == ("retry", "address_not_public")
    assert network.dialled == [PUBLIC]


def test_one_try_looks_a_name_up_once_and_dials_what_it_checked(
    real_sender: PushSender, network: NoNetwork
) -> None:
    network.resolves_to([PUBLIC, OTHER_PUBLIC], ["127.0.0.1"])
    assert push(real_sender, to(f"{REAL}/x")) == Outcome("retry", reason="connection")
    assert (len(network.asked), set(network.dialled)) == (1, {PUBLIC, OTHER_PUBLIC})


def test_a_proxy_of_the_environment_is_not_asked_to_connect(
    request: pytest.FixtureRequest, network: NoNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://10.9.9.9:3128")
    network.resolves_to([PUBLIC])
    push(request.getfixturevalue("real_sender"), to(f"{REAL}/x"))
    assert network.dialled == [PUBLIC]


INSIDE = [
    "http://127.0.0.1:6379/",
    "http://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "//10.0.0.8/x",
    "/inside",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("location", INSIDE)
def test_a_redirect_to_the_inside_opens_no_other_connection(
    line: Line, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = line.answering(status=308, headers={"Location": location})
    with watched(monkeypatch) as made:
        assert line.send(phone) == Outcome("refused", 308, reason="redirect")
    host, _, port = line.service.origin.removeprefix("http://").partition(":")
    assert set(made) <= {(host, int(port))}


@pytest.fixture
def in_production(app: Any, settings: Settings) -> Settings:
    """The application as it is installed: nothing is let through for tests."""
    real = replace(app.config["SETTINGS"], push_insecure=False)
    app.config["SETTINGS"] = real
    return real


def test_no_hostile_endpoint_is_saved(
    in_production: Settings, network: NoNetwork, client: FlaskClient, post: Any
) -> None:
    monday: Post = post()
    browser = signed_in(current_app, monday.session, monday.crew.ben, monday.clock.now())
    made = Device().subscription(REAL)
    body = {"device": "phone", "keys": {"p256dh": made.p256dh, "auth": made.auth}}
    saved = []
    for hostile in HOSTILE:
        asked = body | {"endpoint": hostile.endpoint}
        answer = browser.post("/api/v1/push-subscriptions", json=asked)
        if answer.status_code != 422:
            saved.append((hostile.endpoint, answer.status_code))
    assert saved == []
    assert monday.session.scalars(select(PushSubscription)).all() == []
    assert (network.asked, network.dialled) == ([], [])


def test_no_hostile_endpoint_in_the_database_is_sent_to(
    in_production: Settings, network: NoNetwork, post: Any
) -> None:
    monday: Post = post()
    ben, now = monday.crew.ben, monday.clock.now()
    for number, hostile in enumerate(HOSTILE):
        device = Device().subscription(hostile.endpoint)
        monday.session.add(
            PushSubscription(
                id=new_id(),
                org_id=ben.org_id,
                person_id=ben.id,
                device_id=f"phone-{number}",
                endpoint=hostile.endpoint,
                p256dh=device.p256dh,
                auth=device.auth,
                created_at=now,
            )
        )
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    rows = monday.session.scalars(select(PushSubscription)).all()
    told = {row.endpoint: row.last_error for row in rows}
    assert told == {hostile.endpoint: hostile.reason for hostile in HOSTILE}
    assert (network.asked, network.dialled) == ([], [])
    monday.session.execute(delete(PushSubscription))
    monday.session.commit()
