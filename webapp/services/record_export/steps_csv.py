"""The steps as a table for a spreadsheet."""

import csv
from collections.abc import Container
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from webapp.services.record_export import words
from webapp.services.record_export.told import RunTold, StepTold

# Without it Excel takes UTF-8 for something else.
BOM = "\ufeff"
HEADINGS = (
    "Location",
    "Time zone",
    "Process",
    "Due",
    "Step",
    "Result",
    "Proof",
    "Says",
    "Unit",
    "By",
    "Captured",
    "Trust",
    "Missed",
    "Handed to",
    "Reviewed by",
    "Reason",
    "Photos",
    "Events",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Table:
    """Writes a row for each step, under headings."""

    def __init__(self, file: TextIO, erased: Container[str]) -> None:
        self._erased = erased
        file.write(BOM)
        self._writer = csv.writer(file)
        self._writer.writerow(HEADINGS)

    def add(self, run: RunTold) -> None:
        """Write the steps of the run."""
        for step in run.steps:
            photos = " ".join(self._photo(sent) for sent in step.photos)
            self._writer.writerow([guarded(cell) for cell in _cells(run, step, photos)])

    def _photo(self, sent: str) -> str:
        return f"{sent} (erased)" if sent in self._erased else sent


def guarded(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula; a number stays one."""
    if not cell.startswith(_FORMULA) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(cell: str) -> bool:
    try:
        return Decimal(cell).is_finite() and cell.strip() == cell
    except InvalidOperation:
        return False


def _cells(run: RunTold, step: StepTold, photos: str) -> list[str]:
    content: dict[str, Any] = step.proof.get("content") or {}
    captured = step.proof.get("captured_at")
    return [
        run.location,
        run.zone,
        run.process,
        _local(run.deadline_at, run.zone),
        step.title,
        step.result,
        str(content.get("kind") or ""),
        words.value(content),
        step.unit if content.get("kind") == "number" else "",
        str((step.proof.get("by") or {}).get("name") or ""),
        words.local(captured, run.zone) if captured else "",
        str(step.proof.get("trust") or ""),
        _local(step.missed_at, run.zone) if step.missed_at else "",
        ", ".join(step.handed_to),
        str((step.review.get("by") or {}).get("name") or ""),
        str(step.review.get("reason") or ""),
        photos,
        " ".join(str(entry.seq) for entry in step.trail),
    ]


def _local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
