"""A worker that is killed while it sends: until what it held is accepted all the same."""

import time
from pathlib import Path

from tests.bench.databases import Fresh
from tests.bench.house import house
from tests.bench.row import Row
from tests.bench.sink import Sink
from webapp.supervisor import FIRST_WAIT

HELD = 20
# Seconds. By then every push is on its way, and not answered.
IN_HAND_AFTER = 4.0


def compare(kind: str, directory: Path, fresh: Fresh) -> list[Row]:
    """kill -9 of the worker and its senders; it is started again as the supervisor does."""
    with Sink(silent=True) as sink, house(directory / "recovery", fresh()) as made:
        made.fill(HELD, sink.origin)
        made.start("worker")
        made.start("clock")
        made.come_due(0.5)
        time.sleep(IN_HAND_AFTER)
        sink.answer_from_now_on()
        killed = time.time()
        made.kill("worker")
        time.sleep(FIRST_WAIT)
        made.start("worker")
        moments = sink.wait_for(HELD, within=60.0)
        assert len(moments) >= HELD, f"only {len(moments)} of {HELD} pushes came"
    return [
        Row(
            f"kill -9 of a worker, to the last push it held, {kind}",
            f"{max(moments) - killed:.1f} s",
            "RQ with its defaults: 90 to 690 s (as published)",
            "",
            "<= 5 s",
        )
    ]
