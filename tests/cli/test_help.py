"""What `baton --help` says."""

from click.testing import CliRunner

from webapp.cli import baton


def test_each_command_is_listed_with_a_whole_sentence():
    listed = CliRunner().invoke(baton, ["--help"], terminal_width=80).output
    commands = " ".join(listed.partition("Commands:")[2].split())
    assert "..." not in commands
    assert "…" not in commands
    assert "Clear away uploads that nobody went on with for 30 days." in commands
