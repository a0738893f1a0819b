"""The installation's key pair is made once and never half."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.push_keys import FILE_NAME, load_or_create_keys
from webapp.rules.push_endpoint import check_keys


def test_the_first_start_makes_a_key_pair_that_only_its_owner_reads(tmp_path: Path) -> None:
    load_or_create_keys(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_later_start_finds_the_same_pair(tmp_path: Path) -> None:
    first, second = load_or_create_keys(tmp_path), load_or_create_keys(tmp_path)
    assert first.application_server_key == second.application_server_key


def test_the_application_server_key_is_a_point_on_the_curve(tmp_path: Path) -> None:
    key = load_or_create_keys(tmp_path).application_server_key
    assert len(key) == 87
    check_keys(key, "BTBZMqHH6r4Tts7J_aSIgg")


def test_starts_at_the_same_moment_agree_on_one_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda self: False)  # each believes that it is the first
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(load_or_create_keys, [tmp_path] * 16))
    assert len({key.application_server_key for key in keys}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_file_without_a_key_is_an_error_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a key")
    with pytest.raises(ValueError, match="PEM"):
        load_or_create_keys(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == b"not a key"


def test_the_private_key_does_not_show_in_logs(tmp_path: Path) -> None:
    assert "private" not in repr(load_or_create_keys(tmp_path))
