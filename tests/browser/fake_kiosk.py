"""The server in memory as a tablet on the wall meets it: pairing, board, turns and their work."""

import json
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.browser.facts import ANA, BEN, FAY, MARA, ZONE, iso, opening_check, run, step
from tests.browser.fake_answers import Answers
from tests.browser.fake_server import FakeServer
from tests.browser.pages import SHELLS, precache, shell
from webapp.joined import KIOSK, SCRIPT, SHEET
from webapp.sealing import SealKey, load_or_create_key

PINS = {"P1": "246802", "P2": "135790"}
CODE = "BCDF-2345"
QR = {"size": 4, "path": "M0 0h2v2h-2zM3 3h1v1h-1z"}
KIOSK_SHELL = f"""<!doctype html><html lang="en" data-shell class="kiosk"><head>
<meta charset="utf-8"><script src="/static/js/theme.js"></script>
<title>Kiosk</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/{SHEET}"><link rel="stylesheet" href="/static/css/kiosk.css">
<link rel="modulepreload" href="/static/{SCRIPT}">
<link rel="modulepreload" href="/static/{KIOSK}">
<script type="module" src="/static/js/pages/kiosk.js"></script></head>
<body><header class="screen-top"><div class="kiosk-title"><p id="over" class="over" hidden></p>
<h1 id="title" tabindex="-1">Kiosk</h1></div><p id="light" class="safe" role="status"></p>
<div id="turn" class="kiosk-turn" hidden></div></header>
<main id="app" class="screen" tabindex="-1"></main>
<section class="screen device" id="look" hidden></section></body></html>""".encode()


@lru_cache(maxsize=1)
def seal_key() -> SealKey:
    """One key for all tests: to make one takes long."""
    return load_or_create_key(Path(tempfile.mkdtemp(prefix="baton-seal-")))


def two_runs() -> list[dict[str, Any]]:
    """The opening check, half of it Ana's and half Ben's, and something that is done."""
    opening = opening_check()
    for each in opening["steps"]:
        theirs = ANA if each["position"] in (3, 4) else BEN
        order = [theirs, *(p for p in (ANA, BEN, FAY, MARA) if p != theirs)]
        chain = [old | {"person": who} for old, who in zip(each["chain"], order, strict=True)]
        each.update(mine=False, holder=theirs, chain=chain)
    closed = {"by": ANA, "at": iso(-60), "words": "", "approved": False}
    done = step("S9", 1, "Alarm off", "timed", run="R9", state="done", mine=False, closed=closed)
    return [opening, run("R9", "Alarm off, lights on", [done], deadline_at=iso())]


class FakeKiosk(FakeServer):
    """`paired`: yes, no, revoked, or let in again with the pairing of before.

    `turns` are those that came, by their ids.
    `is_persons`: somebody is signed in on the browser. `later`: minutes that its clock is ahead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers = KioskAnswers
        self.runs = two_runs()
        self.paired = "yes"
        self.pins = dict(PINS)
        self.turns: dict[str, dict[str, Any]] = {}
        self.tries_left = 4
        self.locked_until: str | None = None
        self.codes = 0
        self.sign_out_after_s = 120
        self.extra_people: list[dict[str, Any]] = []
        self.not_here: set[str] = set()
        self.is_persons = False
        self.later = 0.0
        self.zone = ZONE

    def board(self) -> dict[str, Any]:
        people = [
            {
                **who,
                "initials": who["name"][0],
                "has_pin": who["id"] in self.pins,
                "away": who["id"] in self.not_here,
            }
            for who in [ANA, BEN, FAY, *self.extra_people]
        ]
        place = {"id": "L1", "name": "Downtown", "time_zone": self.zone}
        return {
            "server_time": iso(self.later),
            "kiosk": {"id": "K1", "name": "Kitchen tablet"},
            "organisation": {"id": "O1", "name": "Little Oaks"},
            "location": place | {"opens": "06:30", "closes": "18:00"},
            "people": people,
            "runs": self.runs,
            "seal_key": seal_key().public_jwk,
            "sign_out_after_s": self.sign_out_after_s,
            "languages": ["en"],
        }

    def verify(self, told: dict[str, Any]) -> bool:
        opened = seal_key().open(told["sealed"])
        assert opened
        assert (opened.person, opened.turn) == (told["person"], told["turn"])
        right = self.pins.get(opened.person) == opened.pin
        self.turns[told["turn"]] = told | {"right": right}
        return right


class KioskAnswers(Answers):
    """One request of a tablet."""

    fake: FakeKiosk

    def page(self, path: str) -> None:
        if path == "/kiosk":
            return self.raw(200, KIOSK_SHELL, "text/html")
        if path == "/sw/precache.js":
            pages = (*map(shell, SHELLS), KIOSK_SHELL)
            listed = precache(self.fake.version, pages)
            listed = listed.replace('"/offline"]', '"/offline", "/kiosk"]')
            return self.raw(200, listed.encode(), "text/javascript")
        return super().page(path)

    def api(self, path: str, body: bytes) -> None:
        if path.startswith("kiosk/pairings"):
            return self.pairing(path, json.loads(body))
        if path == "today" and not self.fake.is_persons:
            return self.reply(401, {"code": "sign_in_required", "detail": "Sign in first."})
        if not path.startswith("kiosk") and "Baton-Kiosk" not in self.headers:
            return super().api(path, body)
        if "Baton-Kiosk" not in self.headers:
            return self.reply(403, {"code": "not_allowed", "detail": "Only tablets may."})
        if self.fake.paired not in ("yes", "let in again"):
            code = "kiosk_revoked" if self.fake.paired == "revoked" else "kiosk_unknown"
            return self.reply(401, {"code": code, "detail": "Pair this tablet."})
        if path == "kiosk":
            return self.reply(200, self.fake.board())
        if path == "kiosk/away":
            return self.away(json.loads(body))
        if path == "kiosk/turns":
            return self.turn(json.loads(body))
        if path == "kiosk/sync":
            return self.kiosk_sync(json.loads(body))
        assert path.startswith("blobs/"), path
        return self.blob(path.removeprefix("blobs/"), body)

    def pairing(self, path: str, data: dict[str, Any]) -> None:
        fake = self.fake
        if path == "kiosk/pairings":
            fake.codes += 1
            told = {"code": CODE, "url": f"{fake.url}/kiosks/pair#{CODE}", "qr": QR}
            return self.reply(201, told | {"poll": f"poll-{fake.codes}", "expires_at": iso(10)})
        if data["poll"] != f"poll-{fake.codes}" or fake.paired == "expired":
            fake.paired = "no"
            return self.reply(410, {"code": "pairing_over", "detail": "Over."})
        if fake.paired != "yes":
            return self.reply(202, {"status": "pending"})
        return self.reply(200, {"status": "paired"})

    def turn(self, told: dict[str, Any]) -> None:
        fake = self.fake
        if fake.locked_until:
            locked = {"code": "pin_locked", "detail": "Wait.", "until": fake.locked_until}
            return self.reply(429, locked)
        if fake.verify(told):
            return self.reply(200, {"turn": told["turn"], "person": {"id": told["person"]}})
        fake.tries_left -= 1
        wrong = {"code": "pin_wrong", "detail": "No.", "tries_left": fake.tries_left}
        return self.reply(401, wrong | {"until": None})

    def away(self, told: dict[str, Any]) -> None:
        turn = self.fake.turns.get(told["turn"])
        if turn is None or not turn["right"]:
            return self.reply(409, {"code": "turn_over", "detail": "This turn is over."})
        (self.fake.not_here.add if told["away"] else self.fake.not_here.discard)(turn["person"])
        return self.reply(200, {"away": told["away"], "came_back": 0})

    def kiosk_sync(self, data: dict[str, Any]) -> None:
        fake = self.fake
        told = []
        for each in data["turns"]:
            right = fake.verify(each)
            status, code = ("verified", None) if right else ("refused", "pin_wrong")
            told.append({"turn": each["turn"], "status": status, "code": code})
        results = [self.result(each) for each in data["commands"] if each["turn"] in fake.turns]
        missing = [h for h in fake.wanted if len(fake.blobs.get(h, b"")) != fake.lengths.get(h)]
        answer = {
            "batch": data["batch"],
            "server_time": iso(fake.later),
            "results": results,
            "turns": told,
        }
        return self.reply(200, answer | {"missing_blobs": missing, "signed_off": False})

    def result(self, command: dict[str, Any]) -> dict[str, Any]:
        if self.fake.turns[command["turn"]]["right"]:
            return self.fake.apply(command)
        words = "Said to be by somebody; the PIN did not fit."
        held = {"status": "held", "code": "pin_wrong", "detail": words, "step_run": None}
        return {"id": command["id"]} | held
