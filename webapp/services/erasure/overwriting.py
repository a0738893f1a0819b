"""What SQLite's log of writes still holds of what was erased.

The pages themselves are overwritten as rows go (`secure_delete`, webapp/extensions.py);
PostgreSQL's own VACUUM does both.
"""

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

log = structlog.get_logger()


def empty_log(session: Session) -> bool:
    """Empty SQLite's log of writes, where older pages stay until others take their place.

    Outside any transaction. False while somebody reads: the next sweep tries again.
    """
    engine = session.get_bind()
    assert isinstance(engine, Engine), "a session is bound to its engine"
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone() or (0,)
        cursor.close()
    finally:
        connection.close()
    if is_busy:
        log.warning("log of the database not emptied yet")
    return not is_busy
