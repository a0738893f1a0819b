"""Somebody outside who takes SQLite's one write lock."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path


def keep_locked(path: Path, seconds: float) -> None:
    """Lets nobody else write for so long."""
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        outsider.execute("ROLLBACK")


def may_write(path: Path) -> bool:
    """Whether the lock can be had within a second."""
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as outsider:
        try:
            outsider.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        outsider.execute("ROLLBACK")
        return True
