"""An export of a project tool to drafts, over the API."""

from typing import Any

from apiflask import APIBlueprint

from webapp.extensions import limiter
from webapp.views.imports import LIMITS, read_upload
from webapp.views.policy import MANAGERS, policy
from webapp.views.schemas_imports import ExportIn, ImportOut

blueprint = APIBlueprint("api_imports", __name__, url_prefix="/api/v1/drafts", tag="Drafts")


@blueprint.post("/import")
@policy(MANAGERS)
@limiter.limit(LIMITS)
@blueprint.input(ExportIn, location="form_and_files", arg_name="_asked")
@blueprint.output(ImportOut)
def take_in(_asked: ExportIn) -> dict[str, Any]:
    """Turn an export of at most 15 MB into drafts; nothing of it is kept."""
    return dict(read_upload())
