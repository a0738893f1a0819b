"""`baton photos` lets photos be compared that were taken in before any were."""

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, update

from tests.day import Day
from tests.factories import crew_of_a_daycare
from tests.likeness.shots import by_hand, on_a_bracket
from webapp import create_app
from webapp.cli.photos import photos
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Blob, LikenessBand


@pytest.fixture
def installation(data_dir, clock):
    """Two photos from before, in an installation of its own."""
    with create_app(Settings.from_env({"BATON_DATA_DIR": str(data_dir)})).app_context():
        day = Day(db.session(), clock, crew_of_a_daycare(db.session(), clock.now()))
        day.uploads(by_hand(0))
        day.uploads(on_a_bracket(1))
        db.session.execute(delete(LikenessBand))
        db.session.execute(update(Blob).values(likeness=None))
        db.session.commit()
        yield
        db.session.remove()
        db.engine.dispose()


def test_photos_from_before_are_made_comparable_once(installation):
    assert CliRunner().invoke(photos).stdout == "2 photos can now be compared.\n"
    assert CliRunner().invoke(photos).stdout == "0 photos can now be compared.\n"
    known = select(func.count()).select_from(Blob).where(func.length(Blob.likeness) > 0)
    assert db.session.scalar(known) == 2
    assert db.session.scalar(select(func.count()).select_from(LikenessBand)) >= 16
