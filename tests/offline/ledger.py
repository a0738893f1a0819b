"""What the product promised: everything that it said lies safely on this device."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.offline.plan import Job


@dataclass(frozen=True)
class Promise:
    """A command that the page called saved, with the hash of its bytes."""

    job: Job
    step_run: str
    id: str
    seq: int
    sha256: str | None


@dataclass
class Ledger:
    """Filled by the page; `refused` are jobs of which the page said that it could not save them.

    `by_hand` are step runs that a page showed as saved after a press on its own button. A phone
    that `had_no_room` lets go of what was taken without keeping the receipt.
    """

    promises: dict[str, Promise] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    jobs: dict[int, tuple[Job, str]] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)
    had_no_room: bool = False

    def expect(self, jobs: Iterable[tuple[Job, str]]) -> None:
        """These are about to be done, each on the step run of this id."""
        self.jobs |= {job.number: (job, step_run) for job, step_run in jobs}

    def told(self, what: dict[str, Any]) -> None:
        """What the page says of a job."""
        job, step_run = self.jobs[int(what["job"])]
        if "refused" in what:
            self.refused[job.number] = what["refused"]
            return
        self.refused.pop(job.number, None)
        known = Promise(job, step_run, what["id"], int(what["seq"]), what["sha256"])
        self.promises[known.id] = known

    @property
    def hashes(self) -> set[str]:
        """Of all bytes that were promised."""
        return {each.sha256 for each in self.promises.values() if each.sha256}

    @property
    def answered(self) -> set[int]:
        """Jobs of which the page has said something."""
        return {*self.refused, *(each.job.number for each in self.promises.values())}
