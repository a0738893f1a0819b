"""A small disk of its own for a data directory, so that it can be full."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

SIZE = "96m"
FILLER = "filler"
CHUNKS = (1 << 20, 4096, 64, 1)


class Disk:
    """A tmpfs where this user may mount one; else a plain directory, which never gets full."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(directory)]
        try:
            done = subprocess.run(command, capture_output=True, check=False)
            self.can_be_full = done.returncode == 0
        except FileNotFoundError:
            self.can_be_full = False

    def fill(self) -> None:
        """Leaves not one byte."""
        with (self.directory / FILLER).open("ab", buffering=0) as filler:
            for size in CHUNKS:
                with suppress(OSError):
                    while os.write(filler.fileno(), b"\0" * size) == size:
                        pass

    def free(self) -> None:
        """Gives the room back."""
        (self.directory / FILLER).unlink(missing_ok=True)

    def close(self) -> None:
        """Takes the disk away."""
        if self.can_be_full:
            subprocess.run(["umount", "-l", str(self.directory)], check=False)


def can_be_full(scratch: Path) -> bool:
    """Whether a full disk can be made here."""
    disk = Disk(scratch / "try-disk")
    disk.close()
    return disk.can_be_full
