"""What needs a decision from an owner or a manager, worst first, one sentence each."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby

from sqlalchemy.orm import Session

from webapp.formats import listed, quoted
from webapp.models import Person, Run, StepRun
from webapp.rules.moment_words import clock_words
from webapp.services import held, overseen, reviews, untold
from webapp.words import gettext as _
from webapp.words import ngettext, translated


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. `subject` is the id of what to open for the `kind`:

    missed, moved (it reached somebody else), stuck and untold: a run; held: a command; review:
    a step run. `at` is aware, on the clock of `zone`. Those of one `run` may share
    a row; `who` is the id of somebody who was not told.
    """

    kind: str
    subject: str
    at: datetime
    zone: str
    sentence: str
    detail: str
    stuck: tuple[str, str] | None = None
    run: Run | None = None
    who: str = ""

    @property
    def need(self) -> bool:
        """Whether it went wrong already, other than a proof that only waits."""
        return self.kind != "review"


def items(session: Session, person: Person, now: datetime) -> list[Item]:
    """Return what waits at this person's locations: missed, stuck, untold, held, to review.

    The newest is first within each; proofs to review come in their order, the oldest first.
    """
    went_wrong = (
        _missed(session, person, now),
        _stuck(session, person),
        _untold(session, person, now),
        _held(session, person),
    )
    newest_first = [sorted(each, key=lambda item: item.at, reverse=True) for each in went_wrong]
    to_review = [_review(each, now) for each in reviews.waiting(session, person)]
    return [*chain.from_iterable(newest_first), *to_review]


def _missed(session: Session, person: Person, now: datetime) -> list[Item]:
    """Open or claimed steps missed at the last level, one item for each run and holder."""
    query = overseen.open_steps(person).where(
        StepRun.level == StepRun.last_level, StepRun.missed_at.is_not(None)
    )
    steps = sorted(
        session.scalars(query).unique(),
        key=lambda step: (step.run_id, step.holder_id or "", step.position),
    )
    grouped = groupby(steps, key=lambda step: (step.run_id, step.holder_id))
    return [_missed_item(list(group), person, now) for _key, group in grouped]


def _missed_item(steps: list[StepRun], person: Person, now: datetime) -> Item:
    first = steps[0]
    run, zone = first.run, first.run.location.time_zone
    is_mine = first.holder_id == person.id
    said = {
        "place": place_words(run),
        "who": first.holder.name if first.holder else _("the owner"),
        "titles": _titles(steps),
        "since": clock_words(first.deadline_at, now, zone),
    }
    return Item(
        kind="missed" if is_mine else "moved",
        subject=run.id,
        at=max(_reached_at(step) for step in steps),
        zone=zone,
        sentence=_("%(place)s has reached you: nobody closed %(titles)s since %(since)s.", **said)
        if is_mine
        else _("%(place)s has reached %(who)s: nobody closed %(titles)s since %(since)s.", **said),
        detail=_who_had_it(first),
    )


def _reached_at(step: StepRun) -> datetime:
    """When it needed somebody: as it reached the last level, or was missed there."""
    assert step.missed_at is not None, "only what was missed is shown"
    return max(step.missed_at, *(handoff.at for handoff in step.handoffs))


def _who_had_it(step: StepRun) -> str:
    """Whom it passed on its way: "It was with Ana and Ben before"."""
    names = dict.fromkeys(
        each.from_person.name for each in step.handoffs if each.passed_over is None
    )
    return _("It was with %(names)s before.", names=listed(list(names))) if names else ""


def _untold(session: Session, person: Person, now: datetime) -> list[Item]:
    """Steps whose holder could not be told; the viewer's own are on their own screen."""
    steps = overseen.open_steps(person).where(StepRun.holder_id != person.id)
    return [_untold_item(each) for each in untold.holders(session, steps, now)]


def _untold_item(each: untold.Untold) -> Item:
    run, name = each.steps[0].run, each.holder.name
    return Item(
        kind="untold",
        subject=run.id,
        at=each.since,
        zone=run.location.time_zone,
        sentence=ngettext(
            "%(name)s could not be told that %(titles)s of %(place)s is theirs.",
            "%(name)s could not be told that %(titles)s of %(place)s are theirs.",
            len(each.steps),
            name=name,
            titles=_titles(list(each.steps)),
            place=place_words(run),
        ),
        detail=each.why + " " + _("Tell %(name)s yourself.", name=name),
        run=run,
        who=each.holder.id,
    )


def _stuck(session: Session, person: Person) -> list[Item]:
    """What the engine had to set aside: it moves no more by itself."""
    steps = map(_stuck_step, session.scalars(overseen.stuck_steps(person)).unique())
    return [*steps, *map(_stuck_run, session.scalars(overseen.stuck_runs(person)).unique())]


def _stuck_step(step: StepRun) -> Item:
    assert step.set_aside_at is not None, "only what was set aside is stuck"
    return Item(
        kind="stuck",
        subject=step.run_id,
        at=step.set_aside_at,
        zone=step.run.location.time_zone,
        sentence=_(
            "“%(step)s” of %(place)s does not move on by itself any more.",
            step=step.title,
            place=place_words(step.run),
        ),
        detail=_("It stays with %(name)s. Ask them.", name=step.holder.name) if step.holder else "",
        stuck=("step", step.id),
    )


def _stuck_run(run: Run) -> Item:
    assert run.set_aside_at is not None, "only what was set aside is stuck"
    return Item(
        kind="stuck",
        subject=run.id,
        at=run.set_aside_at,
        zone=run.location.time_zone,
        sentence=_("%(place)s could not be opened.", place=place_words(run)),
        detail=_("Open the process and save it again. If this comes back, tell who runs Baton."),
        stuck=("run", run.id),
    )


def _held(session: Session, person: Person) -> list[Item]:
    """What was held, of which somebody's tries at one step are one item: the newest, counted."""
    alike: dict[tuple[object, ...], list[held.Held]] = {}
    for each in held.waiting(session, person):
        kind = each.proof.kind if each.proof else None
        alike.setdefault((each.by.id, each.step_run, kind, each.why), []).append(each)
    return [_held_item(tries[-1], len(tries)) for tries in alike.values()]


def _held_item(each: held.Held, times: int) -> Item:
    step = each.step_run
    kind = translated(reviews.PROOF_WORDS[each.proof.kind]) if each.proof else _("work")
    said = {"name": each.by.name, "proof": kind, "step": step.title if step else ""}
    return Item(
        kind="held",
        subject=each.command.id,
        at=each.command.received_at,
        zone=step.run.location.time_zone if step else "UTC",
        sentence=_("%(name)s's %(proof)s of “%(step)s” was not used. You decide.", **said)
        if step
        else _("%(name)s's %(proof)s was not used. You decide.", **said),
        detail=each.why if times == 1 else f"{each.why} {held.happened(times)}",
    )


def _review(step: StepRun, now: datetime) -> Item:
    proof, run = step.proof, step.run
    assert proof is not None, "what is in review has a proof"
    zone = run.location.time_zone
    received = _(
        "%(place)s, received at %(at)s.",
        place=place_words(run),
        at=clock_words(proof.received_at, now, zone),
    )
    return Item(
        kind="review",
        subject=step.id,
        at=proof.received_at,
        zone=zone,
        sentence=_(
            "%(name)s's %(proof)s of “%(step)s” waits for you.",
            name=proof.person.name,
            proof=translated(reviews.PROOF_WORDS[proof.kind]),
            step=step.title,
        ),
        detail=f"{received} {translated(reviews.closer_look(proof))}".rstrip(),
        run=run,
    )


def place_words(run: Run) -> str:
    """Return "Opening check at Downtown"."""
    return _("%(process)s at %(location)s", process=run.process.name, location=run.location.name)


def _titles(steps: list[StepRun]) -> str:
    return listed([quoted(step.title) for step in steps])
