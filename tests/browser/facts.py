"""People, steps and runs as /api/v1 tells them."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

# The steps of the opening check that want a photo, once the fixture `offline` has added its own.
PHOTOS = ("S1", "S6", "S7", "S8")
# Where these devices and places are it is between noon and one when the tests begin: what is some
# hours away is today, whenever they run.
ZONE = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # these names count towards the west
THERE = {"env": os.environ | {"TZ": ZONE}}


def iso(minutes: float = 0) -> str:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    return at.isoformat().replace("+00:00", "Z")


ANA = {"id": "P1", "name": "Ana"}
BEN = {"id": "P2", "name": "Ben"}
FAY = {"id": "P3", "name": "Fay"}
MARA = {"id": "P4", "name": "Mara"}


def step(sid: str, position: int, title: str, kind: str, **more: Any) -> dict[str, Any]:
    proof = {"kind": kind, "unit": None, "min": None, "max": None} | more.pop("proof", {})
    proof = {"if_outside": None, "min_seconds": 0} | proof
    roles = ("assignee", "backup", "fallback", "owner")
    chain = [
        {"role": role, "person": person, "wait_minutes": 10, "passed_over": None}
        for role, person in zip(roles, (ANA, BEN, FAY, MARA), strict=True)
    ]
    plain = {
        "id": sid, "run": "R1", "position": position, "title": title, "instructions": None,
        "proof": proof, "state": "open", "mine": True, "attempt": 1, "level": 0, "holder": BEN,
        "deadline_at": iso(24), "escalate_at": iso(29), "missed_at": None, "chain": chain,
        "handed_over": None, "sent_back": None, "closed": None, "may_skip": False,
    }  # fmt: skip
    return plain | more


def run(rid: str, process: str, steps: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    plain = {
        "id": rid, "process": process, "location": "Downtown", "time_zone": ZONE,
        "occurrence": "2026-11-23T07:00", "opens_at": iso(-30), "deadline_at": iso(24),
        "state": "open", "fix_note": None, "steps": steps,
    }  # fmt: skip
    return plain | more


def opening_check() -> dict[str, Any]:
    steps = [
        step("S1", 1, "Front room ready", "photo", may_skip=True),
        step("S2", 2, "Fridge temperature", "number", proof={
            "unit": "°F", "min": 33, "max": 41,
            "if_outside": "Move the food and call the repair line",
        }),
        step("S3", 3, "Playground walk", "note"),
        step("S4", 4, "Alarm off", "timed"),
        step("S5", 5, "Gate latch", "scan"),
    ]  # fmt: skip
    return run("R1", "Opening check", steps)
