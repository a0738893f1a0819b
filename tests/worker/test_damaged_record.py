"""A damaged record of one organisation keeps no other from its handoffs."""

from sqlalchemy import select

from tests.factories import crew_of_a_daycare, process, proof
from webapp.models import RecordHead, Run, StepRun
from worker.duties import tick

GATE = (("Gate", proof("note")),)


def test_a_damaged_record_stops_only_its_own_organisation(stored, clock):
    crews = [crew_of_a_daycare(stored, clock.now(), name=name) for name in ("Oaks", "Willow")]
    for crew in crews:
        process(stored, crew, clock.now(), steps=GATE)
    tick(stored, clock.advance(hours=1))
    damaged = stored.get(RecordHead, crews[0].org_id)
    stored.delete(damaged)
    stored.commit()
    tick(stored, clock.advance(minutes=50))

    held = stored.scalars(select(StepRun).join(Run).where(Run.state == "open")).unique()
    steps = {step.org_id: step for step in held}
    assert steps[crews[0].org_id].set_aside_at == clock.now()
    assert steps[crews[0].org_id].handoffs == []
    assert steps[crews[1].org_id].holder.name == "Ben"
