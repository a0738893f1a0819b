"""What keeps a draft from being saved, and what in it may let work slip all the same."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Process
from webapp.rules import chain_lint
from webapp.rules.lint_facts import ERROR, WARNING, Finding, Link
from webapp.rules.sentences import N_
from webapp.services import definitions
from webapp.services.definitions import check, lint_facts, stations
from webapp.services.definitions.draft import ProcessDraft

__all__ = ["ERROR", "WARNING", "Finding", "findings", "of_process", "warnings"]

INVITE = N_("A process takes two people. Invite somebody first.")


def findings(
    session: Session,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
    unread: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Everything found in a draft that may follow `process`: what blocks first, then warnings.

    `definitions.faults` alone says what blocks, and by field `unread` what could not be read of
    it at all; nothing is saved by asking.
    """
    wrong = definitions.faults(session, org_id, draft, now, process) | dict(unread or {})
    errors = _errors(session, org_id, draft, wrong)
    return [*errors, *warnings(session, org_id, draft, now, process)]


def of_process(session: Session, process: Process, now: datetime) -> list[Finding]:
    """Everything found in a process as it is now: somebody may have left since it was saved."""
    draft = definitions.draft_of(definitions.current_version(process))
    return findings(session, process.org_id, draft, now, process)


def warnings(
    session: Session,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
) -> list[Finding]:
    """What is worth a look in a draft, and never blocks; of a part that is unclear, nothing."""
    return chain_lint.warnings(lint_facts.gather(session, org_id, draft, now, process))


def _errors(
    session: Session, org_id: str, draft: ProcessDraft, wrong: Mapping[str, str]
) -> Iterator[Finding]:
    """The faults; those of the chain under the code of their rule, all others as "not_valid"."""
    people = check.around(session, org_id, draft).people
    codes = {each.message: each.code for each in stations.problems(draft.chain, people)}
    is_alone = sum(each.deactivated_at is None for each in people.values()) < 2
    for field, sentence in wrong.items():
        code = codes.get(sentence, "not_valid")
        if is_alone and code in ("no_responsible", "no_backup"):
            yield Finding(code, field, sentence, INVITE, Link("people"), ERROR)
        else:
            yield Finding(code, field, sentence, severity=ERROR)
