"""SMTP_URL, BATON_MAIL_FROM and BATON_EXTRA_SCHEMES: read as meant, or refused with a way out."""

import pytest

from webapp.config import SettingError, Settings

URL = "smtp://baton:s3cret@mail.example.org"
SENDER = {"BATON_MAIL_FROM": "baton@example.org"}


def read(tmp_path, **environ: str) -> Settings:
    return Settings.from_env({"BATON_DATA_DIR": str(tmp_path), **environ})


def test_without_a_mail_server_there_is_no_mail(tmp_path):
    assert read(tmp_path).mail is None
    assert read(tmp_path, SMTP_URL="", **SENDER).mail is None


@pytest.mark.parametrize(
    ("url", "port", "encrypted"),
    [
        ("smtp://mail.example.org", 587, False),
        ("smtp://mail.example.org:25", 25, False),
        ("smtps://mail.example.org", 465, True),
        ("smtps://mail.example.org:2465", 2465, True),
    ],
)
def test_the_address_says_host_port_and_encryption(tmp_path, url, port, encrypted):
    mail = read(tmp_path, SMTP_URL=url, **SENDER).mail
    assert (mail.host, mail.port, mail.encrypted) == ("mail.example.org", port, encrypted)
    assert (mail.user, mail.password) == (None, None)


def test_user_and_password_may_hold_any_character_when_escaped(tmp_path):
    mail = read(tmp_path, SMTP_URL="smtps://a%40b:p%2Fq%3A@mail.example.org", **SENDER).mail
    assert (mail.user, mail.password) == ("a@b", "p/q:")


def test_mail_comes_from_the_named_sender(tmp_path):
    named = read(tmp_path, SMTP_URL=URL, BATON_MAIL_FROM="Sunflower <hello@example.org>").mail
    assert (named.sender_name, named.sender) == ("Sunflower", "hello@example.org")
    assert read(tmp_path, SMTP_URL=URL, **SENDER).mail.sender_name == "Baton"


def test_a_user_that_is_an_address_is_the_sender_when_none_is_named(tmp_path):
    mail = read(tmp_path, SMTP_URL="smtps://me%40example.org:pw@mail.example.org").mail
    assert mail.sender == "me@example.org"


def test_a_password_is_never_sent_before_tls_and_a_plain_relay_must_be_asked_for(tmp_path):
    assert read(tmp_path, SMTP_URL=URL, **SENDER).mail.must_start_tls
    assert not read(tmp_path, SMTP_URL="smtp://relay:25", **SENDER).mail.must_start_tls
    plain = read(tmp_path, SMTP_URL="smtp://relay:25?starttls=never", **SENDER).mail
    assert not plain.may_start_tls


def test_the_password_is_in_no_text_of_the_settings(tmp_path):
    assert "s3cret" not in repr(read(tmp_path, SMTP_URL=URL, **SENDER))


WRONG = [
    ({"SMTP_URL": "mail.example.org:587"}, "SMTP_URL: use an address like"),
    ({"SMTP_URL": "http://mail.example.org"}, "SMTP_URL: use an address like"),
    ({"SMTP_URL": "smtp://"}, "SMTP_URL: use an address like"),
    ({"SMTP_URL": "smtp://u:s3cret/x@mail.example.org"}, "%2F"),
    ({"SMTP_URL": "smtp://mail.example.org:99999"}, "SMTP_URL: use an address like"),
    ({"SMTP_URL": "smtp://user@mail.example.org"}, "name both user and password"),
    ({"SMTP_URL": "smtp://mail.example.org?tls=no"}, "only starttls=never"),
    ({"SMTP_URL": "smtp://mail.example.org?starttls=maybe"}, "only starttls=never"),
    ({"SMTP_URL": URL + "?starttls=never"}, "would show the password"),
    ({"SMTP_URL": URL, "BATON_MAIL_FROM": ""}, "BATON_MAIL_FROM: name the address"),
    ({"SMTP_URL": URL, "BATON_MAIL_FROM": "Baton"}, "is not an address like"),
    ({"SMTP_URL": URL, "BATON_MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "is not an address"),
    ({"BATON_EXTRA_SCHEMES": "ntfy://"}, "BATON_EXTRA_SCHEMES: ntfy:// is not a scheme"),
    ({"BATON_EXTRA_SCHEMES": "ntfys, syslog"}, "acts on the server itself"),
]


@pytest.mark.parametrize(("environ", "advice"), WRONG)
def test_a_wrong_setting_of_mail_is_named_with_a_way_out(tmp_path, environ, advice):
    with pytest.raises(SettingError) as refused:
        read(tmp_path, **(SENDER | environ))
    assert advice in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_the_operator_admits_more_services_by_their_scheme(tmp_path):
    assert read(tmp_path, BATON_EXTRA_SCHEMES="ntfys, MSTeams").extra_schemes == (
        "ntfys",
        "msteams",
    )
