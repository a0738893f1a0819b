"""What keeps e-mail and extra channels from working, in words for who can mend it."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person
from webapp.rules.sentences import N_
from webapp.services.extra_channels import shown
from webapp.words import gettext as _

# A first try that fails is nothing to tell anybody: the second mostly works.
PATIENCE = timedelta(seconds=60)

OF_THE_SERVER = {
    "mail_unreachable": "the mail server does not answer",
    "mail_tls": "the mail server's certificate or encryption cannot be trusted",
    "mail_no_tls": "the mail server offers no encryption, so Baton did not sign in",
    "mail_sign_in": "the mail server does not accept the user and password of SMTP_URL",
    "mail_sender": "the mail server takes no mail from the address in BATON_MAIL_FROM",
    "mail_busy": "the mail server puts e-mails off",
    "mail_cut_off": "the mail server ends the connection",
    "no_mail_server": "SMTP_URL is not set for the worker",
}
_OF_THE_PERSON = {
    "mailbox_refused": N_("The mail server refused the last e-mail to %(address)s. Is it right?"),
    "mailbox_busy": N_("The mailbox of %(address)s took no e-mail."),
    "mail_address": N_("No e-mail can be sent to %(address)s. Write it in plain letters."),
    "mail_refused": N_("The mail server refused the last e-mail to %(address)s."),
    "extra_failed": N_("The last message by %(address)s did not go through. Set the address anew."),
    "extra_not_valid": N_("Baton cannot send by %(address)s. Set another address."),
}


def of_the_server(session: Session, now: datetime) -> list[str]:
    """Return what the operator must mend: one sentence for each reason that e-mails wait for."""
    query = select(OutboxMessage.last_error).where(
        OutboxMessage.next_attempt_at.is_not(None),
        OutboxMessage.channel == "email",
        OutboxMessage.last_error.in_(OF_THE_SERVER),
        OutboxMessage.created_at < now - PATIENCE,
    )
    waiting = Counter(session.scalars(query))
    return [
        f"{count} {'e-mail waits' if count == 1 else 'e-mails wait'}: {OF_THE_SERVER[reason]}."
        for reason, count in sorted(waiting.items())
        if reason
    ]


def of_people(session: Session, org_id: str) -> dict[str, list[str]]:
    """Return by person what went wrong with their last e-mail or message by the extra channel."""
    newest = (
        select(func.max(OutboxMessage.id))
        .where(
            OutboxMessage.org_id == org_id,
            OutboxMessage.channel != "push",
            OutboxMessage.outcome.in_(("accepted", "refused", "expired")),
        )
        .group_by(OutboxMessage.person_id, OutboxMessage.channel)
    )
    query = (
        select(Person, OutboxMessage.last_error)
        .join(OutboxMessage, OutboxMessage.person_id == Person.id)
        .where(OutboxMessage.id.in_(newest), OutboxMessage.last_error.in_(_OF_THE_PERSON))
    )
    found: dict[str, list[str]] = {}
    for person, error in session.execute(query).unique():
        address = shown(person) if error and error.startswith("extra") else person.email
        if error and address:
            found.setdefault(person.id, []).append(_(_OF_THE_PERSON[error], address=address))
    return found
