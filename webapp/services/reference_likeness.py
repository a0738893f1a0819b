"""Whether a photo is the picture of how a step should look, which everybody is given to see."""

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import Blob, Process, ProcessVersion, Step, StepRun
from webapp.rules.likeness import NEAR_BITS, SAME_PIXELS, TURNS, bits_apart, fingerprint
from webapp.services.picture_match import Pattern, distance


def is_of_reference(session: Session, step_run: StepRun, blob: Blob) -> bool:
    """Whether a photo of this step run shows no more than a reference picture.

    It is one of the organisation's, as it was sent or as it is shown, or practically the same
    picture as one of the step's own, of any version, turned and mirrored too.
    """
    if step_run.requirement["kind"] != "photo" or blob.width is None:
        return False
    return _has_its_bytes(session, step_run, blob) or _has_its_pixels(session, step_run, blob)


def _has_its_bytes(session: Session, step_run: StepRun, blob: Blob) -> bool:
    in_a_run = select(StepRun.picture_sha256).where(
        StepRun.org_id == blob.org_id,
        StepRun.picture_sha256.in_([blob.sha256, step_run.picture_sha256]),
    )
    same = exists().where(
        Blob.org_id == blob.org_id,
        Blob.sha256.in_(_pictures(blob.org_id).union(in_a_run)),
        or_(Blob.sha256 == blob.sha256, Blob.stored_sha256.in_([blob.sha256, blob.stored_sha256])),
    )
    return bool(session.scalar(select(same)))


def _has_its_pixels(session: Session, step_run: StepRun, blob: Blob) -> bool:
    """A true photo of the same scene is further apart: somebody stood there anew."""
    if not blob.likeness:
        return False
    new = Pattern(blob.likeness)
    grids = session.scalars(_grids_of_the_step(step_run)).all()
    return any(_is_same_picture(new, Pattern(grid)) for grid in grids if grid)


def _is_same_picture(new: Pattern, reference: Pattern) -> bool:
    wanted = fingerprint(reference.spectrum)
    return any(
        distance(new.turned(turn), reference) <= SAME_PIXELS
        for turn in TURNS
        if bits_apart(fingerprint(new.spectrum, turn), wanted) <= NEAR_BITS
    )


def _grids_of_the_step(step_run: StepRun) -> Select[bytes | None]:
    """What the step's pictures are compared by, those too that another version of it shows."""
    of_versions = _pictures(step_run.org_id).where(
        Process.id == step_run.run.process_id, Step.key == step_run.step_key
    )
    frozen = select(StepRun.picture_sha256).where(StepRun.id == step_run.id)
    return select(Blob.likeness).where(
        Blob.org_id == step_run.org_id,
        Blob.sha256.in_(of_versions.union(frozen)),
        func.length(Blob.likeness) > 0,
    )


def _pictures(org_id: str) -> Select[str | None]:
    """Reference pictures of all versions of the organisation's processes."""
    return (
        select(Step.picture_sha256)
        .join(ProcessVersion, ProcessVersion.id == Step.version_id)
        .join(Process, Process.id == ProcessVersion.process_id)
        .where(Process.org_id == org_id, Step.picture_sha256.is_not(None))
    )
