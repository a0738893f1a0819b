"""What stands where a photo, a signature or a file was: that it was erased, when, and why."""

from zoneinfo import ZoneInfo

from webapp.formats import day
from webapp.models import Blob, Proof
from webapp.rules.sentences import N_, n_
from webapp.words import gettext as _
from webapp.words import ngettext

ON_REQUEST = {
    "photo": N_("Photo erased on %(day)s."),
    "signature": N_("Signature erased on %(day)s."),
    "file": N_("File erased on %(day)s."),
}
AFTER = n_(
    "Photo erased on %(day)s after %(num)s month.",
    "Photo erased on %(day)s after %(num)s months.",
)


def of_proof(proof: Proof, zone: str) -> str:
    """Return "Photo erased on 3 May 2027 after 12 months.", or nothing while the bytes are here."""
    blob = proof.blob if proof.blob_sha256 else None
    if blob is None or blob.erased_at is None:
        return ""
    return of_blob(blob, zone, proof.kind)


def of_blob(blob: Blob, zone: str, kind: str = "photo") -> str:
    """Return the same of bytes that are known to be erased."""
    assert blob.erased_at is not None, "it was erased at some time"
    when = day(blob.erased_at.astimezone(ZoneInfo(zone)).date(), weekday=False, year=True)
    if blob.erased_months is None:
        return _(ON_REQUEST.get(kind, ON_REQUEST["file"]), day=when)
    return ngettext(*AFTER, blob.erased_months, day=when)
