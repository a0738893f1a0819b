"""An export of the record as the answer to a request."""

from flask import Response, send_file

from webapp.exporting import ON_A_PAGE, made
from webapp.services.record_export import Part


def handed_on(part: Part, actor_id: str) -> Response:
    """Make the export and send it; its file is gone when it is sent."""
    with made(part, actor_id, ON_A_PAGE) as export:
        file = export.path.open("rb")
        name = f"record-{export.head.seq}.zip"
    sent = send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
    sent.headers["Baton-Record-Head"] = f"{export.head.seq}:{export.head.hash}"
    sent.cache_control.no_store = True
    return sent
