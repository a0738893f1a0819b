"""Code of others is kept as published, with its licence, and is there without a connection."""

import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

VENDOR = Path(__file__).parents[2] / "webapp" / "static" / "vendor"
SCRIPTS = sorted(VENDOR.rglob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_vendored_script_is_the_published_one(script: Path) -> None:
    told = re.findall(r"`([0-9a-f]{64})`", (script.parent / "README.md").read_text())
    assert hashlib.sha256(script.read_bytes()).hexdigest() in told
    assert "permission notice" in (script.parent / "LICENSE-MIT").read_text()


def test_the_service_worker_keeps_the_code_reader_but_not_its_papers(client: FlaskClient) -> None:
    listed = client.get("/sw/precache.js").text
    assert SCRIPTS
    for script in SCRIPTS:
        assert f'"/static/vendor/{script.relative_to(VENDOR).as_posix()}"' in listed
    assert "LICENSE" not in listed
