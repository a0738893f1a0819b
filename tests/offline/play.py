"""Plays one plan on a phone of its own, and judges it."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.offline import page_scripts as scripts
from tests.offline.befallen import BEFALLEN
from tests.offline.checks import Facts, Seen, facts_of, freed_early, violations
from tests.offline.house import House, World
from tests.offline.ledger import Ledger
from tests.offline.phone import Phone
from tests.offline.plan import Job, Plan, Scene
from tests.offline.strikes import STRIKES

# Rounds until everything has arrived; each waits for its own end, none for a time.
ROUNDS = 40
PRESSES = (("Done",), ("Take the photo", "Take it", "Use this photo"))


@dataclass
class Played:
    """What one run came to. `faults` counts what really struck."""

    seed: int
    violations: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


class Player:
    """One run in a house."""

    def __init__(self, house: House, playwright: Playwright, directory: Path, plan: Plan) -> None:
        self.house = house
        self.plan = plan
        self.ledger = Ledger()
        self.played = Played(plan.seed)
        self.world: World = house.world(f"Nursery{plan.seed}", list(plan.kinds))
        url, told = house.proxy.url, self.ledger.told
        self.phone = Phone(playwright, url, directory / "phone", self.world, told)

    def play(self) -> Played:
        """All scenes, then quiet, then the judgement."""
        self.phone.open()
        try:
            self._by_hand()
            for scene in self.plan.scenes:
                self._scene(scene)
            self._judge()
        finally:
            self.house.proxy.disarm()
            self.phone.close()
        return self.played

    def _scene(self, scene: Scene) -> None:
        self.ledger.expect((job, self.world.steps[job.step].id) for job in scene.jobs)
        struck = Counter(self.house.proxy.struck)
        if scene.fault in STRIKES:
            self.house.proxy.arm(scene.fault)
            self.work(scene.jobs)
            self._until_struck()
        else:
            self.played.faults[scene.fault] += BEFALLEN[scene.fault](self, scene)
        self.house.proxy.disarm()
        self._press_again(scene)
        self.phone.wake()
        self.played.faults.update(self.house.proxy.struck - struck)
        self.look(f"after {scene.fault}")

    def _press_again(self, scene: Scene) -> None:
        """What the page could not save, as it said, is done once more."""
        refused = [job for job in scene.jobs if job.number in self.ledger.refused]
        self.played.figures["pressed again, as the page asked"] += len(refused)
        self.work(refused)

    def _until_struck(self) -> None:
        for _ in range(4):
            if not self.house.proxy.is_armed():
                return
            self.phone.wake()

    def arguments(self, jobs: Sequence[Job]) -> list[object]:
        """What the script of the work is given."""
        told = [job.told(self.world.steps[job.step].id) for job in jobs]
        return [told, self.world.person, self.world.run]

    def work(self, jobs: Sequence[Job]) -> None:
        """Does these and waits until each is saved or refused."""
        if jobs:
            self.phone.page.evaluate(scripts.WORK, self.arguments(jobs))

    def begin(self, jobs: Sequence[Job]) -> None:
        """Begins these, and does not wait."""
        start = f"(given) => {{ self.job = ({scripts.WORK})(given).catch(() => undefined); }}"
        self.phone.page.evaluate(start, self.arguments(jobs))

    def finish(self) -> None:
        """Waits until what was begun is over."""
        self.phone.page.evaluate("() => self.job")

    def go_on(self, scene: Scene) -> None:
        """After the page was gone: the rest of the scene, but for what nobody was told of."""
        left = [job for job in scene.jobs if job.number not in self.ledger.answered]
        self.work(left[1:])

    def facts(self) -> Facts:
        """What the server has now."""
        with self.house.inside() as session:
            return facts_of(session, self.world.org_id)

    def look(self, when: str) -> None:
        """The phone first, the server afterwards: what is on neither was freed too early."""
        lies = self.phone.lies()
        found = freed_early(lies, self.ledger, self.facts())
        self.played.violations += [f"{when}: {each}" for each in found]

    def _by_hand(self) -> None:
        """A tap and a photo on the page of the run, without a connection."""
        page, steps = self.phone.page, self.world.steps[-2:]
        self.phone.context.set_offline(True)
        for step, presses in zip(steps, PRESSES, strict=True):
            page.goto("/today")
            page.goto(f"/run/{self.world.run}#{step.id}")
            for press in presses:
                page.locator("#thumb").get_by_role("button", name=press, exact=True).click()
            expect(page.locator(f'[data-step="{step.id}"]')).to_contain_text("Saved on this phone")
            self.ledger.by_hand.append(step.id)
        self.phone.context.set_offline(False)
        self.phone.show("/today")

    def _judge(self) -> None:
        seen = self._seen()
        facts, directory = self.facts(), self.house.stack.settings.blob_dir
        self.played.violations += violations(self.ledger, facts, seen, directory)
        quick = [each for each in self.ledger.promises.values() if each.job.kind != "fix_note"]
        taken = [each for each in quick if each.sha256]
        self.played.figures.update(
            {
                "check-offs": len(quick) + len(self.ledger.by_hand),
                "photos": len(taken) + 1,
                "fix notes": len(self.ledger.promises) - len(quick),
            }
        )

    def _seen(self) -> Seen:
        for _ in range(ROUNDS):
            self.phone.wake()
            lies = self.phone.lies()
            if not any(lies.values()):
                break
            time.sleep(0.1)
        page = self.phone.page
        receipts = dict(page.evaluate(scripts.RECEIPTS))
        self.phone.show("/today")
        expect(page.locator("#light")).to_contain_text("on the server")
        words = page.locator("body").inner_text()
        return Seen(receipts, words, lies["commands"], lies["blobs"])
