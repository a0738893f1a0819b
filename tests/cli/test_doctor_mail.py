"""`baton doctor` says whether e-mail can be sent, without sending any."""

import pytest
from click.testing import CliRunner

from tests.mail_server import MailServerOfTests
from webapp.cli.doctor import doctor

SENDER = "baton@baton.example"


@pytest.fixture
def said(data_dir, monkeypatch):
    monkeypatch.setenv("BATON_MAIL_FROM", SENDER)

    def look(url: str) -> str:
        monkeypatch.setenv("SMTP_URL", url)
        return CliRunner().invoke(doctor).stdout

    return look


def test_without_a_mail_server_it_says_what_that_means(said):
    assert "hint  SMTP_URL is not set" in said("")


def test_a_mail_server_that_answers_is_well_and_gets_no_e_mail(said):
    with MailServerOfTests() as server:
        assert f"ok    127.0.0.1 takes e-mail from {SENDER}." in said(server.url)
        assert server.letters == []


def test_a_mail_server_that_does_not_answer_is_a_fault(said):
    with MailServerOfTests() as gone:
        url = gone.url
    assert "FAULT E-mail cannot be sent by 127.0.0.1: the mail server does not answer." in said(url)


def test_a_password_that_cannot_be_sent_safely_is_a_fault_that_does_not_name_it(said):
    with MailServerOfTests() as server:
        words = said(server.url.replace("smtp://", "smtp://baton:s3cret@"))
    assert "FAULT E-mail cannot be sent by 127.0.0.1: the mail server offers no encryption" in words
    assert "s3cret" not in words
