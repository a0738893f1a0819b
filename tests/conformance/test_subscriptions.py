"""What a browser hands over when it subscribes (Push API, RFC 8291 section 2)."""

from base64 import urlsafe_b64encode
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.conformance.endpoints import OF_BROWSERS
from tests.conformance.rfc8291 import RECEIVER_PUBLIC as P256DH
from tests.conformance.table import rule
from tests.conformance.wire import Phone
from tests.conftest import FixedClock
from tests.factories import Crew
from webapp.models import PushSubscription
from webapp.rules.push_endpoint import MAX_ENDPOINT, SubscriptionError, check_endpoint, check_keys
from webapp.services import subscriptions

AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
URLS = [url for url, _ in OF_BROWSERS]


Subscribe = Callable[..., PushSubscription]


@pytest.fixture
def subscribe(session: Session, crew: Crew, clock: FixedClock) -> Subscribe:
    """Saves a subscription of Ben's, as the API does."""

    def save(endpoint: str, p256dh: str = P256DH, auth: str = AUTH) -> PushSubscription:
        now = clock.now()
        return subscriptions.subscribe(session, crew.ben, "phone", endpoint, p256dh, auth, now)

    return save


@rule("7.1", "Chrome, Edge, Firefox, Safari", "The endpoints of every browser are taken as given.")
@pytest.mark.parametrize("url", URLS)
def test_the_endpoint_of_every_browser_is_kept(subscribe: Subscribe, url: str) -> None:
    assert subscribe(url).endpoint == url


@rule("7.2", "Mozilla", "An endpoint of 2,048 characters is taken.")
def test_a_long_endpoint_is_kept(subscribe: Subscribe) -> None:
    url = "https://updates.push.services.mozilla.com/wpush/v2/".ljust(MAX_ENDPOINT, "A")
    assert (len(subscribe(url).endpoint), MAX_ENDPOINT) == (2048, 2048)


@rule("7.3", "RFC 4648 §5; older browsers", "Keys are taken with and without padding.")
def test_keys_pass_with_or_without_padding(subscribe: Subscribe) -> None:
    check_keys(P256DH, AUTH)
    check_keys(P256DH + "=", AUTH + "==")
    assert subscribe(URLS[0], P256DH + "=", AUTH + "==").auth == AUTH + "=="


def _point(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@rule("7.4", "RFC 8291 §7", "p256dh is a point of the curve P-256, uncompressed, or is refused.")
@pytest.mark.parametrize(
    "p256dh",
    [
        "",
        "!" * 87,
        "A",
        P256DH[:-2],
        P256DH + "AAAA",
        P256DH.replace("_", "/"),
        _point(b"\x04" + bytes(64)),
        _point(b"\x04" + b"\xff" * 64),
        _point(b"\x02" + bytes(32)),
        "C" + P256DH[1:],
        P256DH[:40] + "A" + P256DH[41:],
    ],
)
def test_a_key_that_is_no_point_is_refused(p256dh: str) -> None:
    with pytest.raises(SubscriptionError, match="bad_p256dh"):
        check_keys(p256dh, AUTH)


@rule("7.5", "RFC 8291 §3.2", "auth is 16 bytes, or is refused.")
@pytest.mark.parametrize("auth", ["", AUTH[:-2], AUTH + "AAAA", AUTH + "\n"])
def test_a_secret_of_another_length_is_refused(auth: str) -> None:
    with pytest.raises(SubscriptionError, match="bad_auth"):
        check_keys(P256DH, auth)


@rule("7.8", "Apple, Mozilla", "A subscription made anew is tried again: its error is gone.")
def test_a_new_subscription_clears_the_error(subscribe: Subscribe) -> None:
    subscribe(URLS[0]).last_error = "vapid"
    new = Phone().subscription(URLS[0])
    assert subscribe(URLS[0], new.p256dh, new.auth).last_error is None


@rule("7.9", "RFC 8030 §5", "The path and query of an endpoint stay as the browser gave them.")
def test_the_path_and_query_stay_as_they_are() -> None:
    assert check_endpoint(URLS[-1]).target == "/w/?token=BQY%3d"
    assert check_endpoint("https://fcm.googleapis.com").target == "/"
