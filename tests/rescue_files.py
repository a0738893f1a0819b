"""Rescue files for tests, as the app makes them."""

import hashlib
import json
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any


def kept_photo(content: bytes, command: dict[str, Any]) -> dict[str, Any]:
    """What the file says of a photo's bytes."""
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "media_type": "image/jpeg",
        "person": command["person"],
        "step_run": command["step_run"],
        "attempt": command["attempt"],
        "at": command["captured_at"],
        "claims": [],
    }


def contents(made_at: datetime, crew: Any, commands: list[Any], **more: Any) -> dict[str, Any]:
    """What `baton-rescue.json` says."""
    return {
        "format": "baton-rescue",
        "version": 1,
        "made_at": made_at.isoformat(),
        "skew_ms": 0,
        "device": "phone-of-ana",
        "app_version": "2026.11.1",
        "people": [{"id": person.id, "name": person.name} for person in crew.people.values()],
        "organisation": {"id": crew.org_id, "name": crew.organisation.name},
        "commands": commands,
        "blobs": [],
    } | more


def zipped(
    said: Any,
    photos: tuple[bytes, ...] = (),
    *,
    compression: int = zipfile.ZIP_STORED,
    **more: bytes,
) -> bytes:
    """The zip; `more` are other files in it by name."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        archive.writestr("baton-rescue.json", said if isinstance(said, bytes) else json.dumps(said))
        for content in photos:
            archive.writestr(f"blobs/{hashlib.sha256(content).hexdigest()}", content)
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()
