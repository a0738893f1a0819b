"""`baton apply`, `baton dump` and `baton capture`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webapp.cli import baton, main
from webapp.problems import Problem

EXAMPLE = (Path(__file__).parent.parent / "services" / "example.yaml").read_text("utf-8")
pytestmark = pytest.mark.usefixtures("data_dir")
PEOPLE = "people: [{name: Ben}, {name: Fay}]"


def run(*words: str, text: str | bytes = "") -> Result:
    return CliRunner(catch_exceptions=False).invoke(baton, words, input=text)


@pytest.fixture
def sunflower(data_dir: Path) -> None:
    run("init", "--organisation", "Sunflower", "--owner", "olivia@example.org")
    assert run("apply", "-", text=PEOPLE).exit_code == 0


def test_a_text_is_applied_shown_and_dumped(sunflower: None) -> None:
    shown = run("apply", "-", "--diff", text=EXAMPLE)
    applied = run("apply", "-", text=EXAMPLE)
    assert "Process added: Opening check" in shown.stdout
    assert applied.stdout == shown.stdout
    assert "the backup's `after: 10m` is not used" in applied.stderr
    assert "Opening check: Nobody in this chain has a device" in applied.stderr
    assert run("apply", "-", text=run("dump").stdout).output == "no changes\n"


def test_applying_again_says_that_nothing_changed(sunflower: None) -> None:
    run("apply", "-", text=EXAMPLE)
    assert run("apply", "-", text=EXAMPLE).stdout == "no changes\n"


def test_a_text_with_a_fault_changes_nothing(sunflower: None) -> None:
    before = run("dump").stdout
    with pytest.raises(Problem) as caught:
        run("apply", "-", text=EXAMPLE.replace("backup: Ben", "backup: Ana"))
    assert list(caught.value.fields) == ["processes[0].chain[1].backup, line 12, column 39"]
    assert run("dump").stdout == before


def test_a_file_that_is_no_text_is_refused(sunflower: None) -> None:
    with pytest.raises(Problem) as caught:
        run("apply", "-", text=b"people:\n  - name: J\xfcrgen\n")
    assert list(caught.value.fields) == ["line 2, column 12"]
    assert "From here on the file is not text in UTF-8." in caught.value.fields["line 2, column 12"]


def test_a_text_that_is_no_yaml_is_told_where_once(
    sunflower: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("people:\n  - name: 'Ben\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["baton", "apply", str(broken)])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr().err
    assert said.startswith("The process text cannot be read.\n  line ")
    assert said.count("line ") == 1


def test_an_organisation_must_be_named_where_there_are_several(sunflower: None) -> None:
    run("init", "--organisation", "Bluebell", "--owner", "olivia@example.net")
    unnamed = run("dump")
    assert unnamed.exit_code == 2
    assert "Sunflower, Bluebell" in unnamed.stderr
    assert "name: Ben" in run("dump", "--organisation", "Sunflower").stdout
    assert "name: Ben" not in run("dump", "--organisation", "Bluebell").stdout


def test_a_sentence_becomes_one_json_document() -> None:
    said = run("capture", "Every weekday before 9 Maria follows up with new leads", "--json")
    assert json.loads(said.stdout)["drafts"][0]["responsible"] == "Maria"
    assert said.stderr == ""


@pytest.mark.parametrize(
    "text",
    ["- Every Friday Ana mops", "-Every Friday Ana mops", "-h is no help: on Fridays Ana mops"],
)
def test_a_text_that_begins_with_a_dash_is_a_text(text: str) -> None:
    assert "cadence: every Friday" in run("capture", text).stdout
    assert json.loads(run("capture", "--json", text).stdout)["drafts"]


def test_a_sentence_becomes_words() -> None:
    said = run("capture", "Every Friday Ana reconciles the till").stdout
    assert "responsible: Ana" in said
    assert "cadence: every Friday (stated)" in said
    assert "backup: not known yet" in said


def test_the_first_date_of_a_sentence_is_said() -> None:
    told = "Every other Friday at 4pm Lee scrubs the hood"
    assert "first due: 2026-12-04" in run("capture", f"{told}, starting Dec 4, 2026").stdout
    assert "first due: starting 4 December" in run("capture", f"{told}, starting 4 December").stdout


def test_a_paragraph_becomes_several_drafts_and_a_kind_word_about_the_rest() -> None:
    told = (
        "Every wednsday by 9am Ana checks the pump. Backup: Ben. Final fallback: Fay. "
        "Every Friday Kim mops the hall. Next spring we remodel the kitchen."
    )
    said = run("capture", told).stdout
    assert "Check the pump" in said
    assert "final fallback: Fay" in said
    assert "assumed: “wednsday” is read as Wednesday." in said
    assert "Mop the hall" in said
    assert "Your project tool is the right place" in said
    assert said.count("responsible:") == 2
