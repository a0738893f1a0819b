"""Defining processes: save a version, retire, and find what is defined."""

from webapp.services.definitions.cadences import rule_of, said_rule, words_of_rule
from webapp.services.definitions.check import Around
from webapp.services.definitions.draft import (
    DEFAULT_WAITS,
    DraftCondition,
    DraftFollowUp,
    DraftLevel,
    DraftPicture,
    DraftStep,
    DraftWording,
    ProcessDraft,
    draft_of,
    is_open,
)
from webapp.services.definitions.effects import Effect
from webapp.services.definitions.finding import (
    current_version,
    current_versions,
    find,
    processes,
)
from webapp.services.definitions.fit import works_elsewhere
from webapp.services.definitions.history import (
    Since,
    compared,
    history,
    restore,
    since,
    told_apart,
    version_of,
)
from webapp.services.definitions.saving import (
    changes_since,
    faults,
    faults_among,
    hold,
    look,
    retire,
    save,
    save_telling,
)

__all__ = [
    "DEFAULT_WAITS",
    "Around",
    "DraftCondition",
    "DraftFollowUp",
    "DraftLevel",
    "DraftPicture",
    "DraftStep",
    "DraftWording",
    "Effect",
    "ProcessDraft",
    "Since",
    "changes_since",
    "compared",
    "current_version",
    "current_versions",
    "draft_of",
    "faults",
    "faults_among",
    "find",
    "history",
    "hold",
    "is_open",
    "look",
    "processes",
    "restore",
    "retire",
    "rule_of",
    "said_rule",
    "save",
    "save_telling",
    "since",
    "told_apart",
    "version_of",
    "words_of_rule",
    "works_elsewhere",
]
