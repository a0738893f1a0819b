"""What a step asks for as proof, its JSON form, and how a typed number is read."""

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.rules.record import canonical
from webapp.rules.sentences import N_, say

KINDS = ("photo", "number", "note", "signature", "file", "scan", "timed")
BLOB_KINDS = ("photo", "signature", "file")
MOST_DIGITS = 12


class ProofError(ValueError):
    """A proof, or the wish for one, that cannot stand: a stable code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Requirement:
    """The proof that a step asks for. `minimum` and `maximum` are both included."""

    kind: str
    unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    if_outside: str | None = None
    min_seconds: int = 0
    scan_code: str | None = None


def requirement_from_json(proof: dict[str, Any]) -> Requirement:
    """A requirement from its JSON or YAML form; absent parts mean none. Raises ProofError."""
    kind = proof.get("kind")
    if kind not in KINDS:
        raise ProofError(
            "proof_unknown",
            say("“%(kind)s” is no proof. Use one of %(kinds)s.", kind=kind, kinds=_list(KINDS)),
        )
    requirement = Requirement(
        kind=kind,
        unit=proof.get("unit"),
        minimum=_limit(proof.get("min")),
        maximum=_limit(proof.get("max")),
        if_outside=proof.get("if_outside"),
        min_seconds=proof.get("min_seconds") or 0,
        scan_code=proof.get("scan_code"),
    )
    _check(requirement)
    return requirement


def requirement_to_json(requirement: Requirement) -> dict[str, Any]:
    """The JSON form, limits as text so that no digit is lost.

    `scan_code` is in it: leave that out of what a browser is shown.
    """
    return {
        "kind": requirement.kind,
        "unit": requirement.unit,
        "min": _digits(requirement.minimum),
        "max": _digits(requirement.maximum),
        "if_outside": requirement.if_outside,
        "min_seconds": requirement.min_seconds,
        "scan_code": requirement.scan_code,
    }


def code_check(scan_code: str | None) -> str | None:
    """Return what a device may know of a spot's code: two hex digits of its SHA-256.

    Enough to say at once, and without a connection, that almost any other spot's code is wrong;
    too little to find the right one. The server decides. None where the spot has no code yet.
    """
    if not (scan_code and scan_code.strip()):
        return None
    return hashlib.sha256(scan_code.strip().encode()).hexdigest()[:2]


def is_inside(requirement: Requirement, value: Decimal) -> bool:
    """Whether the number is within the limits; both belong to the range, a missing one is none."""
    low, high = requirement.minimum, requirement.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def evidence_sha256(proof: dict[str, Any]) -> str:
    """What a review is bound to: the blob's sha256, else the sha256 of the canonical proof."""
    if proof["kind"] in BLOB_KINDS:
        return str(proof["sha256"])
    return hashlib.sha256(canonical(proof)).hexdigest()


def parse_number(text: str) -> Decimal:
    """The number a person typed, with a point or a comma. Raises ProofError.

    "1,234" is refused, since it may mean 1234 or 1.234.
    """
    typed = text.strip().replace("\N{MINUS SIGN}", "-")
    if not re.fullmatch(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)", typed):
        raise ProofError("number_not_a_number", N_("Write the number in digits, such as 38.5."))
    if sum(map(str.isdigit, typed)) > MOST_DIGITS:
        raise ProofError(
            "number_too_long",
            say("Write the number with at most %(most)s digits.", most=MOST_DIGITS),
        )
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", typed):
        thousands, decimals = typed.replace(",", ""), typed.replace(",", ".")
        raise ProofError(
            "number_unclear",
            say(
                "Write %(thousands)s or %(decimals)s, to be clear.",
                thousands=thousands,
                decimals=decimals,
            ),
        )
    return Decimal(typed.replace(",", "."))


def _limit(limit: object) -> Decimal | None:
    return None if limit is None else parse_number(str(limit))


def _digits(limit: Decimal | None) -> str | None:
    return None if limit is None else f"{limit:f}"


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(words[:-1]) + " or " + words[-1]


def _check(requirement: Requirement) -> None:
    low, high = requirement.minimum, requirement.maximum
    if low is not None and high is not None and low > high:
        raise ProofError("range_empty", f"No number is both above {low:f} and below {high:f}.")
    if isinstance(requirement.min_seconds, bool) or not isinstance(requirement.min_seconds, int):
        raise ProofError("min_seconds_wrong", N_("Give the least time in whole seconds."))
    if requirement.min_seconds < 0:
        raise ProofError("min_seconds_wrong", N_("Give a least time of zero seconds or more."))
