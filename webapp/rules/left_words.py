"""Why a step left somebody, as a sentence about them; one place for pages and messages."""

from webapp.rules.sentences import N_

LEFT = {
    "missed": N_("%(name)s did not get to it"),
    "cannot_do": N_("%(name)s could not do it"),
    "absent": N_("%(name)s was away"),
    "deactivated": N_("%(name)s no longer works here"),
    "unreached": N_("%(name)s could not be reached"),
    "unreachable": N_("%(name)s could not be reached"),
}
