"""`baton doctor`: is this installation well, in words."""

import sys
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import click
from redis.exceptions import RedisError

from webapp import context, create_app, database
from webapp.config import MEGABYTE, SettingError
from webapp.push_keys import load_or_create_keys
from webapp.services import channel_trouble, health, stamps, unfinished
from worker.hints import connect
from worker.mail_sender import MailSender, MailTrouble

# Seconds: who asks waits for the answer.
MAIL_PATIENCE = 5.0
MARKS = {True: "ok   ", None: "hint ", False: "FAULT"}


class Finding(NamedTuple):
    """One thing looked at; `good` is None for a hint that is no fault."""

    good: bool | None
    words: str


@click.command()
def doctor() -> None:
    """Look at configuration, database, Redis, push keys, mail, time stamps, clock and worker."""
    with create_app().app_context():
        findings = [finding for look in LOOKS for finding in look()]
    for finding in findings:
        click.echo(f"{MARKS[finding.good]} {finding.words}")
    sys.exit(1 if any(finding.good is False for finding in findings) else 0)


def _configuration() -> Iterator[Finding]:
    settings = context.settings()
    yield Finding(True, f"Data lies in {settings.data_dir}; people reach {settings.public_url}.")
    if settings.push_contact is None:
        yield Finding(
            None,
            "BATON_PUSH_CONTACT is not set: push services are told the owner's address instead. "
            "Set it to mailto:you@your-domain.",
        )
    if not settings.is_secure:
        yield Finding(
            None,
            "BATON_PUBLIC_URL is not https: phones install Baton and take push only over https.",
        )


def _database() -> Iterator[Finding]:
    try:
        revision = database.current_revision()
        database.refuse_newer()
    except SettingError as error:
        yield Finding(False, str(error))
        return
    if revision == database.newest_revision():
        yield Finding(True, f"The database answers, with schema {revision}.")
    else:
        yield Finding(False, "The database has an older schema. Start Baton once: baton up")


def _disk() -> Iterator[Finding]:
    settings = context.settings()
    free = unfinished.free_bytes(settings.blob_dir) // MEGABYTE
    reserve = settings.disk_reserve // MEGABYTE
    if free < reserve:
        words = f"The disk has {free} MB left: photos are refused below {reserve} MB, and wait on"
        yield Finding(False, f"{words} their devices. Make room, or try: baton sweep")
    else:
        yield Finding(True, f"The disk has {free} MB left; photos are taken down to {reserve} MB.")


def _redis() -> Iterator[Finding]:
    address = context.settings().redis_address
    try:
        connect(address).ping()
    except RedisError:
        yield Finding(
            False, f"Redis does not answer at {address}. Nothing is lost; messages wait for it."
        )
    else:
        yield Finding(True, "Redis answers.")


def _push_keys() -> Iterator[Finding]:
    try:
        keys = load_or_create_keys(context.settings().data_dir)
    except (OSError, ValueError) as error:
        yield Finding(False, f"The push keys cannot be read: {error}. Restore vapid_private.pem.")
    else:
        yield Finding(True, f"Push keys are there: {keys.application_server_key[:16]}…")


def _mail() -> Iterator[Finding]:
    """Connect and greet, as a worker would, but send nothing."""
    server = context.settings().mail
    if server is None:
        yield Finding(
            None, "SMTP_URL is not set: people whose phones take no push are told on the page only."
        )
        return
    try:
        MailSender(server, patience=MAIL_PATIENCE).greet()
    except MailTrouble as trouble:
        words = channel_trouble.OF_THE_SERVER[trouble.reason]
        yield Finding(False, f"E-mail cannot be sent by {server.host}: {words}.")
    else:
        yield Finding(True, f"{server.host} takes e-mail from {server.sender}.")


def _time_stamps() -> Iterator[Finding]:
    """Nothing is asked here: what the clock met with is told."""
    url = context.settings().timestamp_url
    if url is None:
        yield Finding(
            None, "BATON_TIMESTAMP_URL is not set: heads of the record carry Baton's own time only."
        )
        return
    host = urlsplit(url).hostname
    troubles = stamps.troubles(context.session())
    for each in troubles:
        times = "once" if each.tries == 1 else f"{each.tries} times"
        yield Finding(
            None, f"{host} was asked {times} to stamp head {each.seq}: {each.trouble}. It goes on."
        )
    if not troubles:
        yield Finding(True, f"Heads of the record are stamped by {host}.")


def _engine() -> Iterator[Finding]:
    reasons = health.reasons(context.session(), context.now())
    for reason in reasons:
        yield Finding(False, reason)
    if not reasons:
        yield Finding(True, "Clock and worker are alive, and nothing overdue is left undone.")


LOOKS = (_configuration, _database, _disk, _redis, _push_keys, _mail, _time_stamps, _engine)
