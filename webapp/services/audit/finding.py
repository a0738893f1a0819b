"""What the auditor finds: codes, how bad each is, and what a monitor is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the rules say. `subject` is the id of the row it is about.

    `organisation` is None for what concerns the whole installation, which only who runs it hears
    of. `sentence` is for people of that organisation: it names their processes and colleagues, and
    can be said in their language.
    """

    code: str
    subject: str
    organisation: str | None
    sentence: str

    @property
    def severity(self) -> str:
        """How bad it is: "lost" work may reach nobody, "late" work will, "doubt" is the rest."""
        return CODES[self.code][0]

    def as_json(self) -> dict[str, Any]:
        """Return it as `baton audit --json` and the engine's row hold it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "subject": self.subject,
            "organisation": self.organisation,
            "sentence": self.sentence,
        }


SEVERITIES = ("lost", "late", "doubt")

# code: how bad it is, and what outsiders may hear of it (no names).
CODES = {
    "process_unreadable": ("lost", "the runs of a process cannot be planned"),
    "run_missing": ("lost", "a run that its process wants is missing"),
    "run_unwanted": ("doubt", "a run is planned that no process wants"),
    "run_moved": ("lost", "a run is planned at another time than its process says"),
    "run_twice": ("doubt", "a run is planned twice"),
    "run_not_opened": ("late", "a run has not opened"),
    "run_without_steps": ("lost", "a run has opened without steps"),
    "run_not_closed": ("doubt", "a run is open though nothing of it is"),
    "run_set_aside": ("lost", "a run was set aside and does not open by itself"),
    "planning_overdue": ("late", "planning is overdue"),
    "step_unreadable": ("lost", "a step cannot be read"),
    "chain_unreadable": ("lost", "the chain of a step cannot be read"),
    "never_looked_at": ("lost", "nobody will look at an open step again"),
    "looks_too_late": ("lost", "an open step is looked at later than its chain allows"),
    "claim_too_long": ("lost", "a proof on its way holds a step for too long"),
    "moves_too_early": ("doubt", "a step moves on earlier than its chain says"),
    "look_overdue": ("late", "a handoff is overdue"),
    "level_wrong": ("lost", "a step stands at another level than its record says"),
    "holder_wrong": ("lost", "a step is with somebody whose turn it is not"),
    "holder_left": ("lost", "a step is with somebody who has left"),
    "holder_away": ("lost", "a step is with somebody who is away"),
    "missed_without_time": ("doubt", "a missed step does not say when it was missed"),
    "step_set_aside": ("lost", "a step was set aside and does not move on by itself"),
    "set_aside_unsaid": ("lost", "something was set aside and nobody was told"),
    "later_not_opened": ("lost", "a step that is needed has not opened"),
    "later_left_out": ("lost", "a step was left out though it is or may be needed"),
    "later_wrong_deadline": ("lost", "a step that opened later is due at the wrong time"),
    "later_untold": ("lost", "nobody was told that a step has opened"),
    "later_not_asked": ("doubt", "a step is open though nothing asks for it"),
    "later_kept_waiting": ("doubt", "a step waits though it is not needed"),
    "handoff_missing": ("lost", "a handoff of the record is missing"),
    "handoff_not_recorded": ("doubt", "a handoff is not in the record"),
    "handoff_out_of_order": ("doubt", "a handoff skips a level or goes back"),
    "handoff_twice": ("doubt", "a step was handed on twice at one level"),
    "handoff_untold": ("lost", "nobody was told of a handoff"),
    "handoff_not_overtaken": ("doubt", "a step done in time still counts as handed on"),
    "ghost_handoff": ("doubt", "a step that was done was handed on"),
    "message_stuck": ("lost", "a message is held by a worker for too long"),
    "message_endless": ("late", "a message is tried without end"),
    "message_overdue": ("late", "a message waits and nobody sends it"),
    "message_without_receipt": ("doubt", "a message counts as sent and no device has it"),
    "message_to_outsider": ("doubt", "somebody was told who is not in the chain"),
    "review_untold": ("lost", "a proof waits for review and nobody was asked"),
    "reminder_overdue": ("late", "a reminder is overdue"),
    "closed_without_proof": ("doubt", "a step is closed without a proof"),
    "proof_missing": ("doubt", "the bytes of a proof are missing"),
    "proof_changed": ("doubt", "the bytes of a proof have been changed"),
    "record_broken": ("doubt", "the record does not stand"),
    "erased_unsaid": ("doubt", "part of the record was erased without saying so"),
    "engine_missing": ("lost", "the engine's own row is missing"),
    "engine_twice": ("lost", "there are two engines"),
    "clock_silent": ("lost", "the clock is silent"),
    "worker_silent": ("lost", "the worker is silent"),
}


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Return them in the order in which people should hear of them."""
    return sorted(findings, key=lambda each: SEVERITIES.index(each.severity))


def or_say(findings: Iterator[Finding], instead: Finding) -> Iterator[Finding]:
    """Yield the findings, and `instead` once what they are about cannot be read any further.

    One damaged row keeps nobody from the others. A database that does not answer is no such row.
    """
    try:
        yield from findings
    except DBAPIError:
        raise
    except Exception:
        yield instead
