"""`baton scan`: where an organisation's processes are most fragile."""

import json
from pathlib import Path

import pytest

from tests.cli.test_process_commands import EXAMPLE, PEOPLE, run


@pytest.fixture(autouse=True)
def installation(data_dir: Path) -> None:
    run("init", "--organisation", "Sunflower", "--owner", "olivia@example.org")


def test_it_says_the_worst_first_in_words_and_as_json() -> None:
    run("apply", "-", text=PEOPLE)
    run("apply", "-", text=EXAMPLE)
    found = json.loads(run("scan", "--json").stdout)
    assert found["processes"] == 1
    (first, *_) = found["findings"]
    assert (first["kind"], first["count"], first["of"]) == ("unreached", 1, 1)
    assert first["processes"][0]["name"] == "Opening check"
    assert first["mend"] == first["processes"][0]["id"]
    (worst,) = found["worst"]
    assert (worst["id"], worst["name"]) == (first["mend"], "Opening check")
    assert worst["findings"] == [each["kind"] for each in found["findings"]]
    counted, _, by_process = run("scan").stdout.partition("\n\n")
    assert counted.splitlines() == [each["sentence"] for each in found["findings"]]
    assert by_process.startswith("Opening check\n  No phone would tell anyone before the owner. ")


def test_an_organisation_without_processes_has_nothing_weak() -> None:
    assert run("scan").stdout == "Nothing is found weak.\n"
    assert json.loads(run("scan", "--json").stdout) == {
        "processes": 0,
        "findings": [],
        "worst": [],
    }
