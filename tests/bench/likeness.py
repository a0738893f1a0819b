"""How long it takes to find what a new photo looks like, among 100,000 of an organisation.

    python -m tests.bench.likeness [photos [database]]

One process with a hundred steps, every scene photographed ten times. First the time spent in this
process (SQLite included, a PostgreSQL server not), then that on the wall.
"""

import sys
import tempfile
import time
import tracemalloc
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from apiflask import APIFlask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.bench.databases import KINDS, Fresh
from tests.bench.row import Row, percentile
from tests.factories import crew_of_a_daycare, process
from tests.likeness.scenes import grain
from webapp import create_app, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Blob, LikenessBand, Proof, Run, StepRun, new_id
from webapp.rules.likeness import SIDE, bands, fingerprint
from webapp.services import likeness
from webapp.services.picture_match import Pattern

PHOTOS = 100_000
STEPS = 100
OF_A_SCENE = 10
LOOK_UPS = 60
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def compare(kind: str, here: Path, fresh: Fresh, photos: int = PHOTOS) -> Iterable[Row]:
    """Fill an installation and look for photos that are there and for photos that are not."""
    app = _installation(here / "likeness", fresh())
    with app.app_context():
        _fill(db.session(), photos)
        blobs = _to_look_for(db.session(), photos)
        for what, chosen in blobs.items():
            yield _row(f"{what}, {photos} photos, {kind}", db.session(), chosen)
        db.session.remove()


def _row(what: str, session: Session, blobs: list[Blob]) -> Row:
    steps = list(session.scalars(select(StepRun).order_by(StepRun.id.desc()).limit(len(blobs))))
    pairs = list(zip(steps, blobs, strict=True))
    took = [_took(session, step, blob) for step, blob in pairs]
    tracemalloc.start()
    likeness.find(session, *pairs[0], None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    wall, own = zip(*took, strict=True)
    middle, most, ours = percentile(wall, 0.5), percentile(wall, 0.95), percentile(own, 0.5)
    note = f"median {middle:.0f} ms and p95 {most:.0f} ms on the wall, {peak // 1024} KB at most"
    return Row(what, f"{ours:.0f} ms", "", "", "", note)


def _took(session: Session, step: StepRun, blob: Blob) -> tuple[float, float]:
    """How many milliseconds passed, and how many of them were spent in this process."""
    started, busy = time.perf_counter(), time.process_time()
    likeness.find(session, step, blob, None)
    return 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - busy)


def _installation(directory: Path, url: str | None) -> APIFlask:
    given = {"BATON_DATA_DIR": str(directory), "BATON_PUSH_INSECURE": "1"}
    settings = Settings.from_env(given | ({"DATABASE_URL": url} if url else {}))
    app = create_app(settings)
    database.upgrade(settings)
    return app


@lru_cache(2 * STEPS)
def _scene(number: int) -> tuple[bytes, list[int]]:
    """What a scene looks like, and its fingerprints."""
    grid = grain(f"scene {number}", (SIDE, SIDE), (3, 7, 16)).tobytes()
    pattern = Pattern(grid)
    return grid, [fingerprint(pattern.spectrum), fingerprint(pattern.spectrum_of_middle)]


def _taken(scene: int, number: int) -> tuple[bytes, list[int]]:
    """A photo of the scene: each is a little brighter, and a bit of its fingerprints another."""
    grid, prints = _scene(scene)
    brighter = bytes(min(255, value + number) for value in range(256))
    return grid.translate(brighter), [bits ^ 1 << 5 * number for bits in prints]


def _to_look_for(session: Session, photos: int) -> dict[str, list[Blob]]:
    org_id = session.scalars(select(Run.org_id)).first()
    scenes = photos // OF_A_SCENE
    looked_for = {
        "an unknown photo": [_taken(scenes + number, 1)[0] for number in range(LOOK_UPS)],
        "a copy": [_taken(number * 7 % scenes, 11)[0] for number in range(LOOK_UPS)],
    }
    return {
        what: [Blob(org_id=org_id, sha256="f" * 64, likeness=grid) for grid in grids]
        for what, grids in looked_for.items()
    }


def _fill(session: Session, photos: int) -> None:
    crew = crew_of_a_daycare(session, NOW)
    made = process(session, crew, NOW)
    plan = session.scalars(select(Run)).first()
    assert plan is not None
    base = {"org_id": crew.org_id, "process_id": made.id, "version_id": plan.version_id}
    for day in range(photos // STEPS):
        at = NOW - timedelta(days=photos // STEPS - day)
        run = base | {
            "id": new_id(), "location_id": crew.location.id, "occurrence": f"{at:%Y-%m-%dT07:15}",
            "state": "void", "opens_at": at, "deadline_at": at,
        }  # fmt: skip
        session.execute(insert(Run), [run])
        _fill_run(session, run, crew.ana.id, day)
        if day % 50 == 0:
            session.commit()
    session.commit()


def _fill_run(session: Session, run: dict[str, object], person_id: str, day: int) -> None:
    """One photo for each step of the run; a scene goes on for ten days."""
    rows: dict[type, list[dict[str, object]]] = {StepRun: [], Blob: [], LikenessBand: [], Proof: []}
    for step in range(STEPS):
        scene = day // OF_A_SCENE * STEPS + step
        taken = _taken(scene, day % OF_A_SCENE)
        for table, row in _photo(run, person_id, step, f"{day * STEPS + step:064x}", *taken):
            rows[table].append(row)
    for table, values in rows.items():
        session.execute(insert(table), values)


def _photo(
    run: dict[str, object], person_id: str, step: int, sha256: str, grid: bytes, prints: list[int]
) -> Iterator[tuple[type, dict[str, object]]]:
    org_id, at = run["org_id"], run["opens_at"]
    step_run_id = new_id()
    yield StepRun, {
        "id": step_run_id, "org_id": org_id, "run_id": run["id"], "step_key": f"step-{step}",
        "position": step, "title": f"Step {step}", "instructions": "", "review": "none",
        "requirement": {"kind": "photo"}, "may_skip": False, "chain": [], "last_level": 3,
        "state": "void", "deadline_at": at,
    }  # fmt: skip
    yield Blob, {
        "org_id": org_id, "sha256": sha256, "length": 1, "received": 1, "created_at": at,
        "completed_at": at, "width": 1600, "height": 1200, "likeness": grid,
    }  # fmt: skip
    for bits in prints:
        for band in bands(bits):
            row = {"org_id": org_id, "sha256": sha256, "band": band, "fingerprint": bits}
            yield LikenessBand, row
    yield Proof, {
        "id": new_id(), "org_id": org_id, "step_run_id": step_run_id, "attempt": 1,
        "kind": "photo", "state": "current", "content": {}, "evidence_sha256": sha256,
        "blob_sha256": sha256, "notes": [], "person_id": person_id, "command_id": sha256,
        "device_at": at, "captured_at": at, "received_at": at, "trust": "live",
    }  # fmt: skip


def main() -> None:
    """Measure on both databases, or on those named."""
    photos = int(sys.argv[1]) if len(sys.argv) > 1 else PHOTOS
    warnings.simplefilter("ignore", RuntimeWarning)
    for kind in sys.argv[2:] or KINDS:
        opened = KINDS[kind]
        with tempfile.TemporaryDirectory() as name, opened(Path(name) / "server") as fresh:
            for row in compare(kind, Path(name), fresh, photos):
                print(f"{row.what:<50} {row.ours:>8}  {row.note}", flush=True)


if __name__ == "__main__":
    main()
