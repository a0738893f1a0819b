"""Addresses of SMS and chat services: real services only, and never shown in full."""

import pytest

from webapp.rules.extra_channel import NEVER, SCHEMES, ExtraAddressError, check, masked

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7Fx9"

FINE = [
    SLACK,
    "  " + SLACK + "\n",
    "SLACK://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7Fx9",
    "twilio://AC0123:token@15551234567/15557654321",
    "twilio://AC0123:token@15551234567?to=15557654321",
    "tgram://123456789:abcdefg_hijklmnop/12315544/?topic=4",
    "vonage://key:secret@15551234567/15557654321?from=Baton&to=15550000000",
    "46elks://user:password@Baton/15551234567",
]


@pytest.mark.parametrize("address", FINE)
def test_a_service_with_a_host_of_its_own_is_admitted(address):
    assert check(address) == address.strip()


INSIDE = [
    "json://127.0.0.1:6379/",
    "jsons://10.0.0.1/",
    "xml://localhost",
    "form://169.254.169.254/latest",
    "http://localhost/",
    "https://hooks.slack.com/services/T/B/C",
    "apprise://localhost/token",
    "mailto://user:pass@example.org",
    "mailtos://user:pass@example.org",
    "smtp://localhost",
    "ntfy://10.0.0.1/topic",
    "matrix://user:pass@10.0.0.1/",
    "mmost://10.0.0.1/token",
    "rocket://user:pass@10.0.0.1/room",
    "gotify://10.0.0.1/token",
    "signal://10.0.0.1/15551234567/15557654321",
    "workflows://10.0.0.1/workflow/signature",
    "mqtt://10.0.0.1/topic",
    "redis://10.0.0.1",
    "rsyslog://10.0.0.1",
    "syslog://x",
    "dbus://x",
    "windows://x",
    "macosx://x",
    "file:///etc/passwd",
    "vapid://someone@example.org/",
]


@pytest.mark.parametrize("address", INSIDE)
def test_what_could_reach_any_host_or_this_machine_is_refused(address):
    with pytest.raises(ExtraAddressError, match="Baton does not send to"):
        check(address)


@pytest.mark.parametrize(
    "option",
    [
        "template=/etc/passwd",
        "to=1&template=http://10.0.0.1/",
        "to=1;template=x",
        "tem%70late=x",
        "+template=x",
        "to=1&verify=no",
        "avatar_url=http://10.0.0.1/",
        "verify=no",
        "rto=900",
        "keyfile=/etc/passwd",
        "to=1#x&template=y",
        "to=1?&template=y",
    ],
)
def test_an_option_that_does_more_than_say_whom_is_refused(option):
    with pytest.raises(ExtraAddressError, match="After the \\? Baton takes only"):
        check(f"{SLACK}?{option}")


@pytest.mark.parametrize(
    "address",
    ["", "slack", "slack://", "://x", "sl ack://x", "slack:// x", "slack://a\nb", "slack:/x"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ExtraAddressError):
        check(address)


def test_an_address_has_an_end():
    with pytest.raises(ExtraAddressError, match="500"):
        check("slack://" + "x" * 500)


def test_the_operator_can_admit_others_but_nothing_that_acts_on_the_server():
    assert check("ntfys://ntfy.example.org/topic?priority=high", ["ntfys"])
    with pytest.raises(ExtraAddressError):
        check("ntfys://ntfy.example.org/topic", ["gotify"])
    for scheme in NEVER:
        with pytest.raises(ExtraAddressError):
            check(f"{scheme}://x", [scheme])


@pytest.mark.parametrize("option", ["template=/etc/passwd", "a=1&:keyfile=x", "attach=/etc/passwd"])
def test_even_an_admitted_service_reads_no_files(option):
    with pytest.raises(ExtraAddressError):
        check(f"workflows://host.example.org/a/b?{option}", ["workflows"])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (SLACK, "slack, ends in …x9"),
        (SLACK + "/", "slack, ends in …x9"),
        (SLACK + "?channel=secret", "slack, ends in …x9"),
        ("TGRAM://123456789:abcdefg/123", "tgram, ends in …23"),
        ("pover://ab@cd", "pover"),
        ("gchat://workspace/key/token==", "gchat"),
    ],
)
def test_an_address_is_shown_only_by_its_service_and_its_end(address, shown):
    assert masked(address) == shown


def test_a_refusal_never_repeats_the_address():
    secret = "TIiajkdnlazkcOXrIdevi7Fx9"
    for address in (f"json://{secret}", f"slack://{secret}?x={secret}", f"slack:// {secret}"):
        with pytest.raises(ExtraAddressError) as refused:
            check(address)
        assert secret not in str(refused.value)


def test_no_admitted_service_is_one_that_is_never_admitted():
    assert not SCHEMES & NEVER
