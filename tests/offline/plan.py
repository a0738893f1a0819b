"""What Ana does in one run, and what befalls her phone meanwhile: all of it from one seed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from tests.offline.strikes import STRIKES

ON_THE_PHONE = (
    "kill",
    "kill in an upload",
    "tab crash",
    "worker update",
    "worker update, new major",
    "schema bump",
    "schema rollback",
    "quota",
    "dead handle",
    "connection lost",
    "two tabs",
    "airplane",
)
FAULTS = (*STRIKES, *ON_THE_PHONE)
CHECK_OFFS, PHOTOS = 40, 8
FAULTS_A_RUN = 6
# The last two steps are for fingers: a tap and a photo, done on the page itself.
BY_HAND = ("timed", "photo")
QUICK = ("note", "number", "timed")
# Sides of pictures whose files are of one part, and of several.
SIDES = (240, 480, 1500)


@dataclass(frozen=True)
class Job:
    """One thing done on a step; `text` is its own in the whole run. `pause` is in ms."""

    number: int
    step: int
    kind: str
    text: str
    seed: int
    side: int
    pause: int

    def told(self, step_id: str) -> dict[str, Any]:
        """As the page is told."""
        return asdict(self) | {"step": step_id}


@dataclass(frozen=True)
class Scene:
    """Some work, what strikes during it, and when (a share of the work that is done by then)."""

    fault: str
    jobs: tuple[Job, ...]
    moment: float


@dataclass(frozen=True)
class Plan:
    """One run. `kinds` are the proofs of the steps, in their order."""

    seed: int
    kinds: tuple[str, ...]
    scenes: tuple[Scene, ...]

    def words(self) -> str:
        """The plan as one can read it."""
        lines = [f"seed {self.seed}: {len(self.kinds)} steps"]
        for scene in self.scenes:
            done = ", ".join(f"{job.kind} on {job.step}" for job in scene.jobs)
            lines.append(f"  {scene.fault} at {scene.moment:.2f}: {done}")
        return "\n".join(lines)


def plan_of(
    seed: int,
    *,
    faults: Sequence[str] = (),
    check_offs: int = CHECK_OFFS,
    photos: int = PHOTOS,
) -> Plan:
    """The plan of this seed; of these faults, else of some that the seed chooses."""
    random = Random(f"{seed} {faults} {check_offs} {photos}")
    strike_by = tuple(faults) or _chosen(seed, random)
    kinds, ends = _kinds(len(strike_by), check_offs, photos, random)
    jobs = list(_jobs(kinds, random))
    scenes = tuple(
        Scene(fault, tuple(j for j in jobs if first <= j.step < last), random.random())
        for fault, first, last in zip(strike_by, (0, *ends), ends, strict=False)
    )
    return Plan(seed, (*kinds, *BY_HAND), scenes)


def _kinds(
    scenes: int, check_offs: int, photos: int, random: Random
) -> tuple[list[str], tuple[int, ...]]:
    """The steps in their order, photos spread over all scenes; and where each scene ends."""
    kinds: list[str] = []
    ends = []
    for scene in range(scenes):
        here = _share(photos, scene, scenes)
        quick = _share(check_offs, scene, scenes) - here
        some = ["photo"] * here + [random.choice(QUICK) for _ in range(quick)]
        random.shuffle(some)
        kinds += some
        ends.append(len(kinds))
    return kinds, tuple(ends)


def _share(total: int, scene: int, scenes: int) -> int:
    return total * (scene + 1) // scenes - total * scene // scenes


def _chosen(seed: int, random: Random) -> tuple[str, ...]:
    """In turn, so that a few runs see them all; in any order."""
    first = seed * FAULTS_A_RUN
    chosen = [FAULTS[(first + n) % len(FAULTS)] for n in range(FAULTS_A_RUN)]
    random.shuffle(chosen)
    # Nine hours later is the end of the day.
    return tuple(sorted(chosen, key=lambda fault: fault == "airplane"))


def _jobs(kinds: Sequence[str], random: Random) -> Iterator[Job]:
    """Each step once, some with words about it before and after."""
    number = 0
    for step, kind in enumerate(kinds):
        around = random.random() < 0.3
        wanted = ["fix_note", kind, "fix_note"] if around else [kind]
        for each in wanted:
            number += 1
            pause = random.choice((0, 0, 20, 120))
            seed, side = random.randrange(1, 2**30), random.choice(SIDES)
            yield Job(number, step, each, f"Words {number}", seed, side, pause)
