"""Letters are handed in at a real SMTP server; what it says decides what becomes of them."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from threading import Thread

import pytest

from tests.mail_server import MailServerOfTests
from tests.worker.certificates import context_trusting, server_context
from webapp.mail_server import MailServer, read
from worker.mail_sender import MailSender, MailTrouble

ANA = "ana@sunflower.example"
USERS = {"baton": "s3cret"}


def letter(text: str = "Hello.") -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["To"], made["From"] = "Now yours", ANA, "baton@baton.example"
    made["Date"] = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)
    made.set_content(text)
    return made


def at(server: MailServerOfTests, **more) -> MailServer:
    return replace(MailServer("127.0.0.1", server.port, "baton@baton.example"), **more)


@pytest.fixture
def server():
    with MailServerOfTests() as running:
        yield running


@pytest.fixture
def seconds():
    return [0.0]


@pytest.fixture
def make(seconds):
    made: list[MailSender] = []

    def sender(server: MailServerOfTests, *, patience: float = 5.0, **more) -> MailSender:
        made.append(
            MailSender(
                at(server, **more),
                tls=context_trusting(),
                patience=patience,
                timer=lambda: seconds[0],
            )
        )
        return made[-1]

    yield sender
    for each in made:
        each.close()


def said(outcome) -> tuple[str, int | None, str]:
    return outcome.kind, outcome.status, outcome.reason


def test_a_letter_is_handed_in(server, make):
    assert said(make(server).send(letter("Front room\n.\nEnd"), ANA)) == ("accepted", 250, "")
    came = server.expect(ANA, Subject="Now yours")
    assert came.sender == "baton@baton.example"
    assert came.text.splitlines() == ["Front room", ".", "End"]


def test_letters_that_follow_each_other_share_a_connection(server, make):
    sender = make(server)
    for _ in range(3):
        assert sender.send(letter(), ANA).kind == "accepted"
    assert [server.next().connection for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"rcpt": "450 Greylisted"}, ("retry", 450, "mailbox_busy")),
        ({"rcpt": "421 Shutting down"}, ("retry", 421, "mailbox_busy")),
        ({"rcpt": "550 No such user"}, ("refused", 550, "mailbox_refused")),
        ({"data": "451 Try later"}, ("retry", 451, "mail_busy")),
        ({"data": "554 Spam"}, ("refused", 554, "mail_refused")),
        ({"mail": "451 Busy"}, ("retry", 451, "mail_sender")),
        ({"mail": "550 Not from here"}, ("retry", 550, "mail_sender")),
        ({"cut": "at_data"}, ("retry", None, "mail_cut_off")),
        ({"cut": "after_data"}, ("retry", None, "mail_cut_off")),
    ],
)
def test_what_the_server_says_decides_what_becomes_of_the_letter(server, make, fault, outcome):
    sender = make(server)
    server.goes_wrong(**fault)
    assert said(sender.send(letter(), ANA)) == outcome
    server.letters.clear()
    assert sender.send(letter(), ANA).kind == "accepted"
    server.next()


def test_a_server_that_says_nothing_is_given_up_in_time(server, make):
    server.goes_wrong(wait=3.0)
    assert said(make(server, patience=0.2).send(letter(), ANA)) == ("retry", None, "mail_cut_off")
    server.letters.clear()


def test_a_server_that_is_away_is_tried_again_after_a_rest(make, seconds):
    with MailServerOfTests() as gone:
        port = gone.port
    sender = make(gone_at(port))
    assert said(sender.send(letter(), ANA)) == ("retry", None, "mail_unreachable")
    with MailServerOfTests(port=port) as back:
        assert sender.send(letter(), ANA).reason == "mail_unreachable"
        seconds[0] += 6
        assert sender.send(letter(), ANA).kind == "accepted"
        back.next()


def gone_at(port: int):
    class Gone:
        pass

    gone = Gone()
    gone.port = port
    return gone


def test_a_server_that_accepts_and_never_greets_is_given_up_in_time(make):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = make(gone_at(silent.getsockname()[1]), patience=0.2)
        assert sender.send(letter(), ANA).reason == "mail_unreachable"


def test_a_server_that_is_no_mail_server_is_one_that_is_away(make):
    with socket.create_server(("127.0.0.1", 0)) as odd:
        sender = make(gone_at(odd.getsockname()[1]), patience=2.0)

        def answers() -> None:
            connection, _ = odd.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        talker = Thread(target=answers)
        talker.start()
        assert sender.send(letter(), ANA).reason == "mail_unreachable"
        talker.join()


def test_a_connection_that_the_server_ended_meanwhile_is_made_anew(make):
    with MailServerOfTests() as first:
        port = first.port
        sender = make(first)
        assert sender.send(letter(), ANA).kind == "accepted"
        first.next()
    with MailServerOfTests(port=port) as second:
        assert sender.send(letter(), ANA).kind == "accepted"
        second.next()


def test_tls_is_used_where_it_is_offered(make):
    with MailServerOfTests(tls=server_context("localhost")) as server:
        make(server, host="localhost").send(letter(), ANA)
        assert server.next().private


def test_a_password_goes_over_tls_only(make):
    with MailServerOfTests(tls=server_context("localhost"), users=USERS) as server:
        sender = make(server, host="localhost", user="baton", password="s3cret")
        assert sender.send(letter(), ANA).kind == "accepted"
        came = server.next()
        assert (came.private, came.user) == (True, "baton")


def test_without_tls_a_password_is_not_sent(server, make):
    sender = make(server, user="baton", password="s3cret")
    assert said(sender.send(letter(), ANA)) == ("retry", None, "mail_no_tls")


def test_a_wrong_password_is_not_tried_again_at_once(make, seconds):
    with MailServerOfTests(tls=server_context("localhost"), users=USERS) as server:
        sender = make(server, host="localhost", user="baton", password="wrong")
        assert said(sender.send(letter(), ANA)) == ("retry", None, "mail_sign_in")
        assert said(sender.send(letter(), ANA)) == ("retry", None, "mail_sign_in")
        assert server.connections == 1
        seconds[0] += 61
        assert said(sender.send(letter(), ANA)) == ("retry", None, "mail_sign_in")
        assert server.connections == 2


def test_a_password_that_no_server_can_take_is_a_sign_in_that_fails(make):
    with MailServerOfTests(tls=server_context("localhost"), users=USERS) as server:
        sender = make(server, host="localhost", user="baton", password="gehëim")
        assert sender.send(letter(), ANA).reason == "mail_sign_in"


@pytest.mark.parametrize("name", ["elsewhere.example", "127.0.0.2"])
def test_a_certificate_of_somebody_else_is_not_spoken_to(make, name):
    with MailServerOfTests(tls=server_context("localhost"), users=USERS) as server:
        sender = make(server, host="127.0.0.1", user="baton", password="s3cret")
        assert said(sender.send(letter(), ANA)) == ("retry", None, "mail_tls")


def test_a_server_that_takes_starttls_back_gets_no_letter_in_the_clear(make):
    with MailServerOfTests(refuses_starttls=True) as server:
        assert said(make(server).send(letter(), ANA)) == ("retry", None, "mail_tls")


def test_a_relay_nearby_may_go_without_tls(make):
    with MailServerOfTests(tls=server_context("elsewhere.example")) as server:
        assert make(server, may_start_tls=False).send(letter(), ANA).kind == "accepted"
        assert not server.next().private


def test_smtps_speaks_tls_from_the_first_byte(make):
    with MailServerOfTests(tls=server_context("localhost"), encrypted=True, users=USERS) as server:
        sender = make(server, host="localhost", encrypted=True, user="baton", password="s3cret")
        assert sender.send(letter(), ANA).kind == "accepted"
        server.next()


def test_greeting_connects_and_sends_nothing(server, make):
    make(server).greet()
    assert server.connections == 1


def test_greeting_says_what_is_wrong(server, make):
    with pytest.raises(MailTrouble) as trouble:
        make(server, user="baton", password="s3cret").greet()
    assert trouble.value.reason == "mail_no_tls"


def test_the_address_that_the_tests_use_is_a_setting(server):
    assert read(server.url, "baton@baton.example").port == server.port
