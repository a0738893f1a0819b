"""A process says who looks at its proofs, and how many of the last ones somebody looked at."""

import pytest

from tests.day import Day, photo, photo_proof
from tests.factories import signed_in
from tests.views.pages import words


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("none", "The proof alone closes each step."),
        ("risky", "The owner looks where something is unusual, and at one in ten of the rest."),
        ("photos", "The owner looks at each photo."),
    ],
)
def test_a_process_says_how_many_of_its_last_proofs_were_looked_at(
    app, session, clock, crew, policy, said
):
    day = Day(session, clock, crew)
    version = day.step.run.process.versions[-1]
    version.review = day.step.review = policy
    session.commit()
    day.uploads(photo())
    day.does("ana", proof=photo_proof(photo()))
    client = signed_in(app, session, crew.olivia, clock.now())
    text = words(client.get(f"/processes/{version.process_id}"))
    assert said in text
    assert ("Looked at 1 of the last 1." in text) == (policy != "none")
