"""The catalogue of expected failures: a stable code, an HTTP status, a sentence for people.

Services raise `Problem`; views turn it into an RFC 9457 document or a page; the command line
prints its sentence. A failure that is not listed here is a defect of Baton's own.
"""

from collections.abc import Mapping
from typing import Any

from webapp.rules.sentences import N_
from webapp.words import translated


class Problem(Exception):
    """An expected failure that a person can understand and act on.

    `detail` overrides the catalogue's sentence, as a marked English one (`N_`, `say`): it is
    translated for whoever reads it. `fields` names the inputs at fault, each with its
    own sentence; `extra` adds members to the problem document (RFC 9457 section 3.2).
    """

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        fields: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        self.code = code
        self.status, self.title = CATALOGUE[code]
        self.detail = detail or self.title
        self.fields = dict(fields or {})
        self.extra = extra
        super().__init__(self.detail)

    def document(self) -> dict[str, Any]:
        """Return the RFC 9457 problem document, in the language spoken now."""
        members: dict[str, Any] = {
            "type": f"urn:baton:problem:{self.code}",
            "title": translated(self.title),
            "status": self.status,
            "code": self.code,
            "detail": translated(self.detail),
        }
        if self.fields:
            members["fields"] = {name: translated(why) for name, why in self.fields.items()}
        return members | self.extra


CATALOGUE: dict[str, tuple[int, str]] = {
    # what is noticed about one's own work
    "explanation_missing": (422, N_("Write what you want to say about it.")),
    "explanation_too_long": (422, N_("Say it in at most 1,000 characters.")),
    # the request
    "bad_request": (400, N_("The request could not be read. Check its form and send it again.")),
    "not_valid": (422, N_("Some of what was sent cannot be used. Mend it and send it again.")),
    "cross_site": (403, N_("This request came from another site, so it was not carried out.")),
    "method_not_allowed": (405, N_("This address does not take that kind of request.")),
    "too_large": (413, N_("That is too large to take in.")),
    "too_many_requests": (429, N_("Too many tries in a short time. Wait a minute and try again.")),
    "unexpected": (500, N_("Something went wrong on our side. Nothing was lost. Try again.")),
    "unavailable": (503, N_("Baton is not ready yet. Try again in a moment.")),
    # who is asking
    "sign_in_required": (401, N_("Sign in to go on.")),
    "wrong_sign_in": (
        401,
        N_("The e-mail address and password do not belong together. Try again."),
    ),
    "token_unknown": (401, N_("This token is unknown or was withdrawn. Make a new one.")),
    "not_allowed": (403, N_("Your role does not allow this. Ask the owner.")),
    "digest_unknown": (422, N_("Choose by what you are told of the week.")),
    "not_found": (404, N_("There is nothing here, or it is not yours to see.")),
    "invitation_unknown": (
        410,
        N_("This link was used already, or it has expired. Ask for a new one."),
    ),
    # people and places
    "email_taken": (
        409,
        N_("Somebody already signs in with this e-mail address. Use another one."),
    ),
    "email_not_valid": (422, N_("This is not an e-mail address. Write it like ana@example.org.")),
    "name_missing": (422, N_("A name is needed.")),
    "name_taken": (409, N_("This name is taken already. Choose another one.")),
    "role_unknown": (422, N_("The role must be owner, manager or staff.")),
    "password_too_short": (422, N_("Choose a password of at least 12 characters.")),
    "password_too_common": (422, N_("This password is easy to guess. Choose another one.")),
    "unknown_time_zone": (
        422,
        N_("This time zone is not known. Use a name like America/Chicago or Europe/Berlin."),
    ),
    "holidays_unknown": (
        422,
        N_(
            "These public holidays are not known. Name a country like US, or its region like US-IL."
        ),
    ),
    "language_unknown": (
        422,
        N_("Baton does not speak this language yet. Choose one of the list."),
    ),
    "open_days_not_valid": (422, N_("These are not weekdays. Write them like mo, tu, we, th, fr.")),
    "person_unknown": (422, N_("No person of this name works here. Invite them first.")),
    "location_unknown": (422, N_("There is no location of this name. Add it first.")),
    "person_not_erasable": (409, N_("This person cannot be erased yet.")),
    "person_erased": (410, N_("This person was erased. Invite them anew if they come back.")),
    "name_not_typed": (422, N_("Type the name exactly as it stands here.")),
    "months_not_valid": (422, N_("Keep photos for 1 to 120 months, or for ever.")),
    "photo_erased": (410, N_("This photo was erased.")),
    "last_owner": (409, N_("An organisation needs an owner. Make somebody else owner first.")),
    # processes
    "process_not_valid": (422, N_("The process is not complete yet. Mend what is marked.")),
    "changed_meanwhile": (
        409,
        N_("Somebody changed the same meanwhile. Nothing is saved. Look at both, and save again."),
    ),
    "impossible_rrule": (422, N_("This cadence never happens, or is not a rule we can read.")),
    "process_text_not_valid": (422, N_("The process text cannot be read.")),
    # what visitors try
    "draft_not_ready": (422, N_("Your draft is kept. It can run once this is said.")),
    "sandbox_gone": (410, N_("What was kept here has ended.")),
    "sandbox_full": (
        503,
        N_("Many people are trying Baton here at this moment. Try again in a while."),
    ),
    "sandbox_no_room": (
        422,
        N_("There is no room for more here. Remove a draft, or create an organisation."),
    ),
    # exports of project tools
    "import_too_large": (
        413,
        N_("This file is too large. Export one project or board, and try it."),
    ),
    "import_empty": (422, N_("There is nothing in this file. Export it again, with its tasks.")),
    "import_not_recognised": (
        422,
        N_("This is not an export that Baton knows. Export CSV, JSON, XLSX or ZIP from the tool."),
    ),
    "import_wrong_tool": (
        422,
        N_("This file comes from another tool. Leave the tool out, or name it."),
    ),
    "import_damaged": (422, N_("This file is damaged or was cut off. Export it again.")),
    "import_unsafe": (
        422,
        N_("This file holds something that no export holds, so it was not read."),
    ),
    "import_protected": (422, N_("This file is protected by a password. Save it without one.")),
    # absences
    "absence_not_valid": (422, N_("These days cannot be an absence.")),
    # steps and proof
    "step_not_open": (409, N_("This step is not open.")),
    "proof_refused": (422, N_("This step closes only with its proof.")),
    "last_in_chain": (409, N_("You are the last in the chain, so nobody is left to take it on.")),
    "not_the_holder": (409, N_("This step is with somebody else now.")),
    "reason_missing": (422, N_("Say why, in a few words.")),
    "skip_not_allowed": (422, N_("This step cannot be marked as not applicable.")),
    "id_reused": (409, N_("This id was already used for something else. Nothing was changed.")),
    "other_person": (409, N_("This was done by somebody else on this device. Sign in as them.")),
    "command_unknown": (422, N_("This kind of command is not known.")),
    # blobs
    "hash_not_valid": (422, N_("The address must be the SHA-256 of the content, in hex.")),
    "hash_mismatch": (422, N_("What arrived is not what was announced. Send it again.")),
    "offset_conflict": (409, N_("The upload goes on at another place than the one sent.")),
    "blob_too_large": (413, N_("The file is over 15 MB. Take a smaller one.")),
    "no_room": (
        507,
        N_("The server has no room for this now. It stays safe here and is sent again by itself."),
    ),
    "not_an_image": (422, N_("This is not a photo that can be opened. Take it again.")),
    "image_too_many_pixels": (422, N_("This picture has too many pixels. Take a smaller one.")),
    # reviews
    "proof_replaced": (409, N_("The proof was replaced since you saw it. Look at the new one.")),
    "undo_too_late": (409, N_("This can no longer be taken back: it was acted on.")),
    "already_decided": (409, N_("This proof was decided already.")),
    # kiosks
    "kiosk_unknown": (401, N_("This tablet is not paired. Pair it with a location first.")),
    "kiosk_revoked": (
        401,
        N_("This tablet was signed off. An owner or manager can pair it again."),
    ),
    "kiosk_replaced": (
        409,
        N_("This tablet was paired again meanwhile, so there is nothing to undo."),
    ),
    "code_unknown": (
        422,
        N_("No tablet shows this code now. Look at its screen and type it again."),
    ),
    "too_many_codes": (429, N_("Too many codes that no tablet showed. Try again tomorrow.")),
    "pairing_over": (410, N_("This code was used, or its ten minutes are over. Show a new one.")),
    "pin_not_valid": (422, N_("This PIN cannot be used.")),
    "pin_wrong": (401, N_("This is not the PIN. Try again.")),
    "pin_missing": (409, N_("There is no PIN yet. Ask an owner or manager for one.")),
    "pin_locked": (429, N_("Too many wrong PINs. Wait a little and try again.")),
    "turn_over": (409, N_("This turn is over. Tap your name and type your PIN again.")),
    "kiosk_locked": (
        429,
        N_("Too many wrong PINs here today. An owner or manager can unlock this."),
    ),
    # the record
    "export_too_large": (413, N_("This part of the record is too large for one export.")),
    # devices
    "rescue_not_valid": (422, N_("This rescue file cannot be taken in.")),
    "device_signed_off": (403, N_("This device was signed off. Ask an owner to let it in again.")),
    "extra_not_valid": (422, N_("Baton cannot send to this address.")),
    "endpoint_not_allowed": (422, N_("This push address is not one of a known browser.")),
    "subscription_not_valid": (422, N_("The push keys of this browser are not complete.")),
}
