"""Commands one by one, each in its own transaction and with its own receipt."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from webapp.context import session
from webapp.models import Device, Person
from webapp.problems import Problem
from webapp.services import commands
from webapp.services.step_commands import Asked
from webapp.views import asked
from webapp.words import gettext as _
from webapp.words import translated

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose a command is, from which device, and what is known of it beyond what was sent.

    The latter two are asked for in each transaction anew.
    """

    person: Person
    device: Callable[[], Device | None]
    completed: Callable[[Asked], Asked] = lambda command: command


def result(sender: Sender, raw: object, sent_at: datetime, moment: datetime) -> dict[str, Any]:
    """Return the receipt of one command; whatever is wrong with it stays its own affair."""
    try:
        command = asked.read(raw, sent_at)
    except asked.Unreadable as error:
        return _unreadable(sender.person, raw, str(error), moment)
    try:
        return _carried_out(sender, command, moment)
    except IntegrityError:
        # The same command came twice at once and the other was first: now it has its receipt.
        session().rollback()
        return _carried_out(sender, command, moment)


def put_into_words(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return receipts as whoever sent the work reads them; they are kept in English."""
    return [each | {"detail": translated(each["detail"] or "")} for each in results]


def _carried_out(sender: Sender, command: Asked, moment: datetime) -> dict[str, Any]:
    person, device = sender.person, sender.device()
    whole = sender.completed(command)
    try:
        done = commands.carry_out(session(), person, device, whole, moment)
        session().commit()
    except Problem as problem:
        return _refusal(sender, whole, problem, moment)
    return done.result


def _refusal(sender: Sender, command: Asked, problem: Problem, moment: datetime) -> dict[str, Any]:
    session().rollback()
    if problem.code == "id_reused":
        return commands.refused(command.id, problem.code, problem.detail)
    device = sender.device()
    kept = commands.reject(session(), sender.person, device, command, problem, moment)
    session().commit()
    return kept.result


def _unreadable(person: Person, raw: object, why: str, moment: datetime) -> dict[str, Any]:
    log.warning("unreadable command", why=why)
    commands.keep_unreadable(session(), person, json.dumps(raw), why, moment)
    session().commit()
    return commands.refused(
        str(raw.get("id", ""))[:64] if isinstance(raw, dict) else "",
        "command_unreadable",
        _("This could not be read (%(why)s). It is kept in the record. Update the app.", why=why),
    )
