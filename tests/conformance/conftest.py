"""One sender and one push service for a file of tests; nothing that came stays unseen."""

import ssl
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.conformance.wire import Line
from tests.push_service import PushService
from tests.worker.conftest import post  # noqa: F401
from webapp.push_keys import VapidKeys, load_or_create_keys
from worker.push.sender import PushSender


@pytest.fixture
def stored(session: Session) -> Session:
    """What a push service answers has nothing to do with the database: SQLite is enough."""
    return session


@pytest.fixture(scope="module", autouse=True)
def no_roots_of_trust() -> Iterator[None]:
    """Loading them takes a tenth of a second for each sender, and nothing here relies on one."""
    with pytest.MonkeyPatch.context() as without:
        for name in ("load_default_certs", "load_verify_locations"):
            without.setattr(ssl.SSLContext, name, lambda *given, **more: None)
        yield


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> VapidKeys:
    return load_or_create_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def shared_service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def push_service(shared_service: PushService) -> Iterator[PushService]:
    """The push service of the file, which no test leaves with a push that it did not look at."""
    yield shared_service
    try:
        shared_service.assert_nothing_more()
    finally:
        shared_service.take()
        shared_service.violations.clear()


@pytest.fixture(scope="module")
def shared_sender(keys: VapidKeys) -> Iterator[PushSender]:
    sender = PushSender(keys, insecure=True)
    yield sender
    sender.close()


@pytest.fixture
def line(push_service: PushService, shared_sender: PushSender) -> Line:
    return Line(push_service, shared_sender)
