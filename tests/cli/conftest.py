"""An installation for each test of a command; the schema is made once, and copied."""

import shutil
from pathlib import Path

import pytest

from webapp import database
from webapp.config import Settings


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose database is up to date: the migrations take a second."""
    directory = tmp_path_factory.mktemp("migrated")
    database.upgrade(Settings.from_env({"BATON_DATA_DIR": str(directory)}))
    return directory


@pytest.fixture
def data_dir(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data directory of the test's own installation, which is empty; commands find it."""
    directory = shutil.copytree(migrated, tmp_path / "var")
    monkeypatch.setenv("BATON_DATA_DIR", str(directory))
    return directory
