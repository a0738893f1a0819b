"""The bytes of proofs: in by parts, out as re-encoded pictures."""

from typing import Any

import structlog
from apiflask import APIBlueprint
from flask import Response, request, send_file

from webapp.context import now, session, settings
from webapp.extensions import limiter
from webapp.models import Blob, Kiosk, Person, StepRun
from webapp.problems import Problem
from webapp.services import blobs, board, completion, kiosk_blobs, pictures, unfinished
from webapp.services.definitions import reference_pictures
from webapp.views import chosen_pictures, erased_words
from webapp.views.identity import is_kiosk, somebody
from webapp.views.kiosk_identity import this_kiosk
from webapp.views.policy import SIGNED_IN, SIGNED_IN_OR_KIOSK, policy
from webapp.views.schemas import BlobOut
from webapp.words import gettext as _

log = structlog.get_logger()
blueprint = APIBlueprint("api_blobs", __name__, url_prefix="/api/v1/blobs", tag="Blobs")

MOST_DIGITS = 15


@blueprint.route("/<sha256>", methods=["HEAD"])
@policy(SIGNED_IN_OR_KIOSK)
@blueprint.doc(summary="How far an upload has come (headers Upload-Offset, Upload-Complete)")
def progress(sha256: str) -> Response:
    """Tell where to go on with an upload."""
    blob = blobs.find(session(), _organisation_for(sha256), sha256)
    if blob is None:
        raise Problem("not_found")
    complete = blob.completed_at is not None
    return Response(
        headers={
            "Upload-Offset": str(blob.received),
            "Upload-Length": str(blob.length),
            "Upload-Complete": "?1" if complete else "?0",
        }
    )


@blueprint.put("/<sha256>")
@policy(SIGNED_IN_OR_KIOSK)
@limiter.limit("600 per minute")
@blueprint.output(BlobOut)
@blueprint.doc(
    summary="Upload a part (headers Upload-Offset, Upload-Length; body: raw bytes)",
    description="Parts go on at the offset that HEAD tells. The last one is checked against the "
    "address, which is the SHA-256 of the whole. With the header Baton-Person, bytes are refused "
    "(409 other_person) unless that person is the one signed in.",
)
def upload(sha256: str) -> dict[str, Any]:
    """Take in a part of a blob; files are written and decoded outside any transaction."""
    org_id, part = _organisation_for(sha256), request.get_data(cache=False)
    offset, length = _header("Upload-Offset", 0), _header("Upload-Length", len(part))
    blob = blobs.expect(session(), org_id, sha256, length, now())
    arriving = blobs.upload_of(blob)
    if not arriving.is_complete:
        _check_room(arriving, len(part))
    session().commit()
    note = None if arriving.is_complete else _take(arriving, offset, length, part)
    step_runs = completion.bytes_arrived(session(), org_id, sha256, now(), note)
    return _answer(arriving, blob, step_runs)


def _answer(arriving: blobs.Upload, blob: Blob, step_runs: list[StepRun]) -> dict[str, Any]:
    """Keep what became of the bytes, and say it as it was read before."""
    answer = {
        "sha256": blob.sha256,
        "offset": blob.received,
        "length": blob.length,
        "complete": blob.completed_at is not None,
        "step_runs": [{"id": each.id, "state": each.state} for each in step_runs],
    }
    problem = None if _proves_as_a_file(blob) else blob.problem
    session().commit()
    if answer["complete"] or problem:
        blobs.forget_part(settings().blob_dir, arriving)
    if problem:
        raise Problem(problem)
    return answer


def _organisation_for(sha256: str) -> str:
    """Whose bytes they are: a person brings their own, a kiosk what it has announced."""
    if is_kiosk():
        kiosk = this_kiosk()
        if not kiosk_blobs.may_bring(session(), kiosk, blobs.check_hash(sha256)):
            raise Problem("not_found")
        return kiosk.org_id
    person = somebody()
    if request.headers.get("Baton-Person", person.id) != person.id:
        raise Problem("other_person")
    return person.org_id


def _proves_as_a_file(blob: Blob) -> bool:
    """Whether bytes that are no picture need not be one, as a step asked for a file."""
    if not blob.problem:
        return False
    proved = blobs.step_runs_shown_with(session(), blob)
    return any(each.requirement["kind"] == "file" for each in proved)


def _check_room(arriving: blobs.Upload, size: int) -> None:
    """A disk that is full would stop everything; what is refused stays on the device."""
    try:
        unfinished.check_room(
            session(), arriving, size, settings().blob_dir, settings().disk_reserve
        )
    except Problem:
        log.error("no room for an upload", sha256=arriving.sha256, org=arriving.org_id)
        raise


def _take(arriving: blobs.Upload, offset: int, length: int, part: bytes) -> completion.Note:
    """Store the part; return how the blob remembers it, once it is locked."""
    blobs.check_part(arriving, offset, length, len(part))
    kept = _store(arriving, offset, length, part)
    received, moment = offset + len(part), now()
    return lambda blob: blobs.note_part(blob, length, received, kept, moment)


def _store(arriving: blobs.Upload, offset: int, length: int, part: bytes) -> pictures.Kept | None:
    """Write the part; after the last one, keep the whole. The device may send it again on a 503."""
    directory = settings().blob_dir
    try:
        if offset == 0 and len(part) == length:
            return blobs.keep_whole(directory, arriving, part)
        blobs.write_part(directory, arriving, offset, part)
        return blobs.finish(directory, arriving, length) if offset + len(part) == length else None
    except (OSError, MemoryError) as error:
        log.error("upload not stored", sha256=arriving.sha256, error=repr(error))
        raise Problem("unavailable") from error


@blueprint.get("/<sha256>")
@policy(SIGNED_IN_OR_KIOSK)
@blueprint.doc(summary="The picture, re-encoded; size=page (default) or size=thumb")
def picture(sha256: str) -> Response:
    """Show a photo to who may see a step that it proves, or whose reference picture it is."""
    size = request.args.get("size", "page")
    blob = _visible_at(this_kiosk(), sha256) if is_kiosk() else _visible(somebody(), sha256)
    _refuse_erased(blob)
    if size not in pictures.SIZES or blob.width is None:
        raise Problem("not_found")
    path = pictures.sized(blobs.stored_path(settings().blob_dir, blob), size)
    if not path.is_file():
        raise Problem("not_found")
    shown = send_file(path, mimetype="image/jpeg", conditional=True)
    shown.cache_control.private = True
    return shown


@blueprint.get("/<sha256>/file")
@policy(SIGNED_IN)
@blueprint.doc(summary="A file that proves a step, as it was sent, to be kept or opened elsewhere")
def file(sha256: str) -> Response:
    """Give a file to who may see a step that it proves. A browser never shows it on this site."""
    blob = _visible(somebody(), sha256)
    _refuse_erased(blob, "file")
    name = blobs.file_name(session(), blob)
    path = blobs.stored_path(settings().blob_dir, blob)
    if name is None or not path.is_file():
        raise Problem("not_found")
    given = send_file(
        path, mimetype="application/octet-stream", as_attachment=True, download_name=name
    )
    given.cache_control.private = True
    return given


def _refuse_erased(blob: Blob, kind: str = "photo") -> None:
    """What was erased is gone for good, and whoever may see it reads since when."""
    if blob.erased_at is not None:
        raise Problem("photo_erased", erased_words.of_blob(blob, "UTC", kind))


def _visible(person: Person, sha256: str) -> Blob:
    blob = blobs.find(session(), person.org_id, sha256)
    if blob is None or not _may_see(person, blob):
        raise Problem("not_found")
    return blob


def _visible_at(kiosk: Kiosk, sha256: str) -> Blob:
    blob = blobs.find(session(), kiosk.org_id, sha256)
    if blob is None or not kiosk_blobs.may_see(session(), kiosk, sha256):
        raise Problem("not_found")
    return blob


def _may_see(person: Person, blob: Blob) -> bool:
    """Whether it belongs to a run or process that they may see, or they just chose it for one."""
    proved = blobs.step_runs_shown_with(session(), blob)
    return (
        any(board.may_see(person, each.run) for each in proved)
        or reference_pictures.may_see(session(), person, blob.sha256)
        or chosen_pictures.are(person, blob.sha256)
    )


def _header(name: str, default: int) -> int:
    text = request.headers.get(name, str(default))
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        raise Problem(
            "bad_request", _("The header %(name)s must be a whole number of bytes.", name=name)
        )
    return int(text)
