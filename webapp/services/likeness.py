"""Which earlier photo of the organisation a new one looks like, and whether that is usual."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Blob, LikenessBand, Proof, Review, Run, StepRun
from webapp.rules.likeness import (
    ALIKE,
    NEAR_BITS,
    SAME_PIXELS,
    TURNS,
    UPRIGHT,
    Earlier,
    Like,
    Turn,
    bands,
    bands_near,
    bits_apart,
    fingerprint,
    is_suspicious,
)
from webapp.services.picture_match import Pattern, distance, roughly

# How far back a step's own photos are known, and how many of them are laid over a new one.
_RUNS_BACK = 90
_OWN_PHOTOS = 30
_LAID = 3
_FOUND_AT_MOST = 400
# What a step had before, to tell what is usual.
_EARLIER = 20


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An earlier proof to compare with; `turn` is how the new photo lies to it."""

    proof_id: str
    step_run_id: str
    same_place: bool
    grid: bytes
    turn: Turn = UPRIGHT


def keep(blob: Blob, grid: bytes) -> None:
    """Remember what a picture is compared by, and what it is found by; a plain one is never."""
    blob.likeness = grid
    if grid:
        blob.bands.add_all(_bands_of(blob, Pattern(grid)))


def _bands_of(blob: Blob, pattern: Pattern) -> list[LikenessBand]:
    prints = {fingerprint(pattern.spectrum), fingerprint(pattern.spectrum_of_middle)}
    return [
        LikenessBand(org_id=blob.org_id, sha256=blob.sha256, band=band, fingerprint=bits)
        for bits in prints
        for band in bands(bits)
    ]


def find(session: Session, step_run: StepRun, blob: Blob, own: Proof | None) -> Like | None:
    """Return the earlier proof that a photo of this step run looks like, or None.

    The same bytes come first, then what is suspicious, then what is closest. `own` is the photo's
    proof, where there is one already.
    """
    same = session.scalars(_same_bytes(step_run, blob, own)).first()
    if same is not None:
        return Like(same, 0, turned=False, suspicious=True)
    if step_run.requirement["kind"] != "photo" or not blob.likeness:
        return None
    alike = list(_alike(session, step_run, blob, Pattern(blob.likeness)))
    return min(alike, key=lambda like: (not like.suspicious, like.distance), default=None)


def _same_bytes(step_run: StepRun, blob: Blob, own: Proof | None) -> Select[str]:
    query = select(Proof.id).where(
        Proof.org_id == blob.org_id, Proof.blob_sha256 == blob.sha256, *_given_before(step_run)
    )
    if own is not None:
        query = query.where(Proof.id != own.id)
    return query.order_by(Proof.received_at, Proof.id).limit(1)


def _given_before(step_run: StepRun) -> tuple[ColumnElement[bool], ...]:
    """For another step run or another attempt; what was refused proves nothing."""
    return (
        or_(Proof.step_run_id != step_run.id, Proof.attempt != step_run.attempt),
        Proof.state != "refused",
    )


def _alike(session: Session, step_run: StepRun, blob: Blob, new: Pattern) -> Iterable[Like]:
    earlier: list[Earlier] | None = None
    for candidate in _candidates(session, step_run, blob, new):
        apart = max(1, distance(new.turned(candidate.turn), Pattern(candidate.grid)))
        # Who takes a photo once more, because it was sent back, takes the same scene again.
        is_retake = candidate.step_run_id == step_run.id
        if apart > (SAME_PIXELS if is_retake else ALIKE):
            continue
        if earlier is None:
            earlier = earlier_ones(session, step_run)
        usual = candidate.same_place and not is_retake
        suspicious = is_suspicious(apart, usual, earlier)
        yield Like(candidate.proof_id, apart, candidate.turn != UPRIGHT, suspicious)


def _candidates(
    session: Session, step_run: StepRun, blob: Blob, new: Pattern
) -> Iterable[_Candidate]:
    """The few that are worth laying over: of the whole organisation, and of this very step."""
    near = _near(session, step_run, blob, new)
    known = {each.proof_id for each in near}
    own = [each for each in _own_photos(session, step_run, blob) if each.proof_id not in known]
    own.sort(key=lambda each: roughly(new, Pattern(each.grid)), reverse=True)
    return [*near, *own[:_LAID]]


def _near(session: Session, step_run: StepRun, blob: Blob, new: Pattern) -> list[_Candidate]:
    """Those whose fingerprint is nearest, turned and mirrored too."""
    prints = {fingerprint(new.spectrum, turn): turn for turn in TURNS[::-1]}
    closest: dict[str, tuple[int, Turn]] = {}
    for sha256, other in session.execute(_sharing_a_band(blob, prints)):
        bits, turn = min(
            ((bits_apart(mine, other), turn) for mine, turn in prints.items()),
            key=lambda found: (found[0], found[1] != UPRIGHT),
        )
        if bits <= NEAR_BITS and bits < closest.get(sha256, (NEAR_BITS + 1, turn))[0]:
            closest[sha256] = (bits, turn)
    if not closest:
        return []
    nearest = sorted(closest, key=lambda sha256: closest[sha256][0])[: 4 * _LAID]
    among = and_(Proof.org_id == blob.org_id, Proof.blob_sha256.in_(nearest))
    rows = session.execute(_photos(step_run, blob, among))
    newest = {row.blob_sha256: row for row in rows}
    return [
        _candidate(newest[sha256], step_run, closest[sha256][1])
        for sha256 in nearest
        if sha256 in newest
    ][:_LAID]


def _sharing_a_band(blob: Blob, prints: dict[int, Turn]) -> Select[str, int]:
    """Upright ones may be a little off; of turned ones only copies are looked for."""
    wanted = {
        band
        for bits, turn in prints.items()
        for band in (bands_near(bits) if turn == UPRIGHT else bands(bits))
    }
    return (
        select(LikenessBand.sha256, LikenessBand.fingerprint)
        .where(
            LikenessBand.org_id == blob.org_id,
            LikenessBand.band.in_(sorted(wanted)),
            LikenessBand.sha256 != blob.sha256,
        )
        .group_by(LikenessBand.sha256, LikenessBand.fingerprint)
        .order_by(func.count().desc(), LikenessBand.sha256)
        .limit(_FOUND_AT_MOST)
    )


def _photos(step_run: StepRun, blob: Blob, which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Photos that were given before, oldest first."""
    return (
        select(
            Proof.id,
            Proof.blob_sha256,
            Proof.step_run_id,
            Blob.likeness,
            StepRun.step_key,
            Run.location_id,
        )
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .join(Blob, and_(Blob.org_id == Proof.org_id, Blob.sha256 == Proof.blob_sha256))
        .where(
            which,
            *_given_before(step_run),
            Proof.kind == "photo",
            Proof.blob_sha256 != blob.sha256,
            func.length(Blob.likeness) > 0,
        )
        .order_by(Proof.received_at, Proof.id)
    )


def _own_photos(session: Session, step_run: StepRun, blob: Blob) -> list[_Candidate]:
    """The step's newest photos at this location."""
    recent = select(StepRun.id).where(
        StepRun.run_id.in_(_recent_runs(step_run)), StepRun.step_key == step_run.step_key
    )
    before = session.scalars(recent).all()
    if not before:
        return []
    query = _photos(step_run, blob, Proof.step_run_id.in_(before)).order_by(None)
    newest = query.order_by(Run.occurrence.desc(), Proof.id.desc()).limit(_OWN_PHOTOS)
    return [_candidate(row, step_run) for row in session.execute(newest)]


def _candidate(row: Any, step_run: StepRun, turn: Turn = UPRIGHT) -> _Candidate:
    here = (step_run.step_key, step_run.run.location_id)
    same_place = (row.step_key, row.location_id) == here
    return _Candidate(row.id, row.step_run_id, same_place, row.likeness, turn)


def _recent_runs(step_run: StepRun) -> Select[str]:
    run = step_run.run
    query = select(Run.id).where(
        Run.process_id == run.process_id,
        Run.location_id == run.location_id,
        Run.occurrence <= run.occurrence,
    )
    return query.order_by(Run.occurrence.desc()).limit(_RUNS_BACK)


def earlier_ones(session: Session, step_run: StepRun) -> list[Earlier]:
    """Return the look-alikes that this step had at this location, newest first, and their reviews.

    Only those count that looked like another photo of the same step there.
    """
    other, other_step, other_run = aliased(Proof), aliased(StepRun), aliased(Run)
    query = (
        select(Proof.like_distance, Review.decision)
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .join(other, other.id == Proof.like_id)
        .join(other_step, other_step.id == other.step_run_id)
        .join(other_run, other_run.id == other_step.run_id)
        .outerjoin(Review, Review.proof_id == Proof.id)
        .where(
            StepRun.run_id.in_(_recent_runs(step_run)),
            StepRun.step_key == step_run.step_key,
            other_step.step_key == step_run.step_key,
            other_run.location_id == step_run.run.location_id,
            Proof.like_distance > 0,
        )
        .order_by(Proof.received_at.desc(), Proof.id.desc())
        .limit(_EARLIER)
    )
    return [Earlier(row.like_distance, row.decision) for row in session.execute(query)]
