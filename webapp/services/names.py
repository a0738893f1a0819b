"""Names and e-mail addresses as people type them, in the one form in which they are kept."""

import re
import unicodedata

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.problems import Problem
from webapp.rules.sentences import N_, say

LONGEST_NAME = 120
LONGEST_EMAIL = 254  # RFC 5321 section 4.5.3.1.3, less the brackets
UNPRINTABLE = ("Cc", "Cs")  # control characters and halves of characters, which no database keeps
MISSING = {
    "name": "Write the name.",
    "organisation": "Write the name of the organisation.",
    "location": "Write the name of the location.",
}
_EMAIL = re.compile(r"[^@\s<>,;\0]+@[^@\s<>,;.\0]+(\.[^@\s<>,;.\0]+)+")


def clean_name(text: str, field: str = "name") -> str:
    """Return the name with single spaces.

    Raises "name_missing", or "not_valid" for one over 120 characters, with that `field`.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if any(unicodedata.category(character) in UNPRINTABLE for character in name):
        raise Problem("not_valid", fields={field: N_("Use letters, digits and signs only.")})
    if not name:
        raise Problem("name_missing", fields={field: MISSING[field]})
    if len(name) > LONGEST_NAME:
        raise Problem(
            "not_valid",
            fields={field: say("Use a name of at most %(most)s characters.", most=LONGEST_NAME)},
        )
    return name


def kept_email(email: str) -> str:
    """Return the address in the form in which addresses are kept and looked up."""
    return email.replace("\0", "").strip().lower()


def clean_email(text: str | None) -> str | None:
    """Return the address in lower case, or None for an empty one; raises "email_not_valid"."""
    email = kept_email(text or "")
    if not email:
        return None
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        problem = Problem("email_not_valid")
        raise Problem("email_not_valid", fields={"email": problem.title})
    return email


def taken(code: str, field: str) -> Problem:
    """Return the problem "name_taken" or "email_taken" with its sentence at the field."""
    return Problem(code, fields={field: Problem(code).title})


def flush_unique(session: Session, field: str = "name") -> None:
    """Write what is pending; what another request took in the same moment is a `Problem` too."""
    try:
        session.flush()
    except IntegrityError as error:
        if "email" in str(error.orig):
            raise taken("email_taken", "email") from error
        if "name" in str(error.orig):
            raise taken("name_taken", field) from error
        raise
