"""An export holds the time stamps of its heads, and says how anybody checks them with openssl."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.services.exports import content, export, packed, told, worked
from tests.stamp_authority import SIGNER, Authority, office
from webapp.cli.record import record as command
from webapp.models import Event
from webapp.services import record_heads
from webapp.services.record_export import Asked
from worker.stamping import stamp_due


@pytest.fixture
def day(session, clock, crew):
    return worked(session, clock, crew)


@pytest.fixture
def head(day, session, clock):
    """The newest head, stamped."""
    with Authority() as authority:
        assert stamp_due(session, authority.url, clock.now()) == 1
    return record_heads.latest(session, day.crew.org_id)


@pytest.fixture
def away(day, head, session, tmp_path) -> Path:
    """A selective export, unpacked elsewhere."""
    (tmp_path / "made").mkdir()
    path = export(session, day.crew.org_id, tmp_path / "made", Asked(step="Fridge temperature"))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "away")
    return tmp_path / "away"


def commands(folder: Path) -> list[str]:
    """The lines of README.txt to be typed in its section on time stamps."""
    text = (folder / "README.txt").read_text()
    section = text[text.index("\nTime stamps\n") : text.index("\nHow it is made\n")]
    typed = ("printf ", "openssl ", "python ")
    return [line.strip() for line in section.splitlines() if line.strip().startswith(typed)]


def typed(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    python = f"'{sys.executable}' -I -S"
    line = line.replace("python ", f"{python} ", 1) if line.startswith("python ") else line
    return subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, text=True)


def test_the_commands_of_its_readme_check_the_stamp(away, head):
    shutil.copyfile(office() / "root.pem", away.parent / "authority.pem")
    written, checked, in_record, time = commands(away)
    assert typed(away, written).returncode == 0
    assert (away.parent / "head.txt").read_text() == f"{head.seq}:{head.hash}"
    verified = typed(away, checked)
    assert (verified.returncode, "Verification: OK" in verified.stdout) == (0, True), verified
    assert "Time stamp: " in typed(away, time).stdout
    assert f"UTC by {SIGNER}\n" in (away / "README.txt").read_text()
    (away.parent / "authority.pem").unlink()
    (away.parent / "head.txt").unlink()
    assert typed(away, in_record).stdout.startswith("OK ")


def test_the_command_tells_a_stamp_of_another_head(away, head):
    shutil.copyfile(office() / "root.pem", away.parent / "authority.pem")
    (away.parent / "head.txt").write_text(f"{head.seq}:{'0' * 64}")
    assert typed(away, commands(away)[1]).returncode != 0


def test_the_check_lists_the_heads_that_carry_a_stamp(day, head, session, tmp_path):
    path = export(session, day.crew.org_id, tmp_path)
    stands, said = told(path, f"{head.seq}:{head.hash}")
    assert stands, said
    assert said[1:] == [f"Stamped: timestamps/{head.seq}.tsr"]
    ran = CliRunner().invoke(command, ["verify", str(path)])
    assert (ran.exit_code, ran.stdout.splitlines()) == (0, said)


@pytest.mark.parametrize("harm", ["changed", "missing", "extra"])
def test_a_stamp_that_is_not_the_one_handed_on_shows(day, head, session, tmp_path, harm):
    path = export(session, day.crew.org_id, tmp_path)
    files, name = content(path), f"timestamps/{head.seq}.tsr"
    if harm == "missing":
        del files[name]
    else:
        files[name if harm == "changed" else "timestamps/9.tsr"] = b"other"
    stands, said = told(packed(files, tmp_path / "harmed.zip"))
    assert not stands
    expected = "No event names 'timestamps/9.tsr'." if harm == "extra" else f"another {name}."
    assert said[0].endswith(expected)


def test_the_manifest_names_the_stamps_and_the_heads_that_they_are_of(day, head, session, tmp_path):
    manifest = json.loads(content(export(session, day.crew.org_id, tmp_path))["manifest.json"])
    assert f"timestamps/{head.seq}.tsr" in manifest["files"]
    assert head.seq in [seq for seq, _root in manifest["heads"]]
    assert session.get_one(Event, (day.crew.org_id, head.seq)).kind == record_heads.PUBLISHED


def test_without_stamps_nothing_is_said_of_them(day, session, tmp_path):
    path = export(session, day.crew.org_id, tmp_path)
    files = content(path)
    assert not [name for name in files if name.startswith("timestamps")]
    assert b"stamp" not in files["README.txt"]
    assert b"%" not in files["README.txt"]
    assert len(told(path)[1]) == 1
