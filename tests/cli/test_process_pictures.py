"""Pictures of steps in process text: taken in from files, kept through a dump and an apply."""

from pathlib import Path

import pytest

from tests.cli.test_process_commands import run, sunflower  # noqa: F401
from tests.day import photo
from webapp.problems import Problem

TEXT = """\
processes:
  - name: Opening check
    locations: [Main]
    cadence: every day
    deadline: "07:15"
    chain: [{assignee: Ben}, {backup: Fay}]
    steps:
      - {title: Front room ready, proof: photo, picture: PICTURE}
"""


@pytest.fixture
def apply(tmp_path: Path, sunflower: None):  # noqa: F811
    """Applies a text whose step has this picture, from a directory of its own."""
    beside = tmp_path / "texts"
    beside.mkdir()
    (beside / "room.png").write_bytes(photo())
    (beside / "words.png").write_bytes(b"words")
    place = run("dump").stdout.split("name: ")[1].split(",")[0]

    def of(picture: str, *options: str):
        text = TEXT.replace("PICTURE", picture).replace("Main", place)
        (beside / "opening.yaml").write_text(text)
        return run("apply", str(beside / "opening.yaml"), *options)

    return of


ROOM = "{file: room.png, alt: Chairs down}"


def test_a_file_is_taken_in_and_the_dump_names_it_by_its_hash(apply, data_dir: Path) -> None:
    shown = apply(ROOM, "--diff")
    assert not list((data_dir / "blobs").rglob("*.jpg"))
    applied = apply(ROOM)
    assert "of “Chairs down”" in applied.stdout
    assert applied.stdout == shown.stdout
    assert len(list((data_dir / "blobs").rglob("*.jpg"))) == 2
    dumped = run("dump").stdout
    assert "alt: Chairs down" in dumped
    assert run("apply", "-", text=dumped).stdout == "no changes\n"
    assert apply(ROOM).stdout == "no changes\n"


def test_leaving_the_picture_out_takes_it_away(apply) -> None:
    apply(ROOM)
    assert "Step “Front room ready”, picture" in apply("null").stdout
    assert "sha256" not in run("dump").stdout


@pytest.mark.parametrize(
    ("picture", "path", "words"),
    [
        ("{file: none.png, alt: A}", "picture.file", "“none.png” cannot be read"),
        ("{file: words.png, alt: A}", "picture.file", "“words.png”: This is not a photo"),
        ("{file: '', alt: A}", "picture.file", "Name a file"),
        ("{file: room.png}", "picture.alt", "Say in a few words what the picture shows."),
        ("{alt: A}", "picture", "one of file or sha256"),
        ("{sha256: abc, alt: A}", "picture.sha256", "not the SHA-256"),
        (f"{{sha256: {'ab' * 32}, alt: A}}", "picture", "Put its file beside the text, and name"),
        ("room.png", "picture", "This must be a mapping"),
    ],
)
def test_a_picture_that_cannot_be_used_is_told_where_it_stands(
    apply, picture: str, path: str, words: str
) -> None:
    with pytest.raises(Problem) as caught:
        apply(picture)
    [(where, said)] = caught.value.fields.items()
    assert where.startswith(f"processes[0].steps[0].{path}, line 8")
    assert words in said
