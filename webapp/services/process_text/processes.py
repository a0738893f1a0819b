"""One process of a process text: read into a draft that remembers where each part stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from webapp.models.process import REVIEW_POLICIES, WORDINGS
from webapp.rules.cadence import CadenceError
from webapp.rules.chain import ROLES
from webapp.rules.deadline import format_wait
from webapp.rules.proof_gate import KINDS, Requirement
from webapp.services.definitions.cadences import rule_of
from webapp.services.definitions.draft import (
    DEFAULT_WAITS,
    DraftLevel,
    DraftStep,
    DraftWording,
    ProcessDraft,
)
from webapp.services.process_text import later_steps
from webapp.services.process_text.entries import Entry
from webapp.services.process_text.nodes import Field
from webapp.services.process_text.step_pictures import TakePicture, read_picture

PROCESS_KEYS = (
    "name",
    "locations",
    "cadence",
    "starts",
    "opens",
    "opens_days_before",
    "deadline",
    "grace",
    "remind",
    "reached_within",
    "chain",
    "review",
    "wording",
    "steps",
)
WORDING_KEYS = ("location", "title", "instructions")
STATION_KEYS = (*ROLES, "after")
STEP_KEYS = (
    "title",
    "instructions",
    "proof",
    "unit",
    "min",
    "max",
    "if_outside",
    "min_seconds",
    "scan_code",
    "may_skip",
    "picture",
    "wording",
    "wordings",
    "only_if",
    "after",
)


@dataclass(slots=True)
class ProcessReader:
    """Reads one entry; `fields` leads from a field of the draft to its place in the text.

    `people` gives the id of everybody who may be named, `take_picture` takes in a file. What the
    text leaves out takes its default, whatever the process was before: the text is the whole
    definition.
    """

    entry: Entry
    people: Mapping[str, str]
    take_picture: TakePicture
    fields: dict[str, Field] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)

    def draft(self) -> ProcessDraft:
        """The draft; what could not be read is told as a fault and left empty."""
        self.fields |= self.entry.members
        items = self._items("steps")
        titles = later_steps.titles_of(items)
        chain = tuple(
            level for item in self._items("chain") if (level := self._station(item)) is not None
        )
        return ProcessDraft(
            name=self.entry.name,
            locations=tuple(
                " ".join((item.text() or "").split()) for item in self._items("locations")
            ),
            rrule=self._rrule(),
            deadline=self._clock("deadline"),
            chain=chain,
            steps=tuple(self._step(index, item, titles) for index, item in enumerate(items)),
            opens=self._clock("opens"),
            opens_days_before=self._days_before(),
            grace_minutes=self._grace(),
            review=self._review(),
            remind_minutes=self._wait_or_never("remind"),
            reached_within_minutes=self._wait_or_never("reached_within"),
            wording=_wording(self.entry.members) or "locked",
            starts_on=self._starts(),
        )

    def note(self) -> str | None:
        """Which of two waits counts, when the text names both for the first handoff."""
        after = self.waits.get("backup")
        grace = self.waits.get("grace", after)
        if after is None or grace is None or grace == after:
            return None
        return (
            f"{self.entry.name}: the first handoff waits the grace of {format_wait(grace)}; "
            f"the backup's `after: {format_wait(after)}` is not used."
        )

    def fault(self, path: str, sentence: str) -> None:
        """Tell a fault of the draft where the text says it, or should have said it."""
        known = path
        while known and known not in self.fields:
            known = known.rpartition(".")[0]
        near = self.fields.get(known, self.entry.field)
        missing = path.removeprefix(known).lstrip(".")
        if missing:
            near = replace(near, path=f"{near.path}.{missing}")
        near.fault(sentence)

    def _items(self, key: str) -> list[Field]:
        return self.entry.members[key].items() if key in self.entry.members else []

    def _rrule(self) -> str:
        cadence = self.entry.members.get("cadence")
        text = cadence.text() if cadence else None
        if not cadence or not text:
            return ""
        try:
            return rule_of(text)
        except CadenceError as error:
            cadence.fault(str(error))
            return ""

    def _starts(self) -> date | None:
        given = self.entry.members.get("starts")
        if given is None or given.is_empty():
            return None
        self.fields["starts_on"] = given
        return given.day()

    def _clock(self, key: str) -> time | None:
        return self.entry.members[key].clock() if key in self.entry.members else None

    def _days_before(self) -> int:
        given = self.entry.members.get("opens_days_before")
        return (given.whole() or 0) if given else 0

    def _review(self) -> str:
        given = self.entry.members.get("review")
        return (given.one_of(REVIEW_POLICIES) or "none") if given else "none"

    def _wait_or_never(self, key: str) -> int | None:
        """Minutes, 0 for "never", None where the text leaves it to the rule."""
        given = self.entry.members.get(key)
        if given is None or given.is_empty():
            return None
        return 0 if given.text() == "never" else given.wait()

    def _grace(self) -> int:
        """The grace; the wait of the backup stands in where the text names none."""
        if "grace" in self.entry.members:
            self.waits["grace"] = self.entry.members["grace"].wait() or 0
        return self.waits.get("grace", self.waits.get("backup", DEFAULT_WAITS["backup"]))

    def _station(self, item: Field) -> DraftLevel | None:
        parts = item.members(STATION_KEYS)
        roles = [role for role in ROLES if role in parts]
        if len(roles) != 1:
            item.fault("Name one here: assignee, backup, fallback, or owner: true.")
            return None
        role = roles[0]
        self.fields[f"chain.{role}"] = parts[role]
        wait = DEFAULT_WAITS[role]
        if "after" in parts:
            self.fields[f"chain.{role}.after"] = parts["after"]
            wait = self.waits[role] = parts["after"].wait() or 0
        return DraftLevel(role, self._person(role, parts[role]), wait)

    def _person(self, role: str, named: Field) -> str | None:
        if role == "owner":
            if named.flag() is False:
                named.fault("The owner is always the last. Write owner: true, or leave it out.")
            return None
        name = " ".join((named.text() or "").split())
        if name and name not in self.people:
            named.fault(f"Nobody called “{name}” works here. Add them under people.")
        return self.people.get(name)

    def _step(self, index: int, item: Field, titles: list[str]) -> DraftStep:
        parts = item.members(STEP_KEYS)
        at = f"steps[{index}]"
        self.fields |= {at: item} | {f"{at}.{key}": part for key, part in parts.items()}
        asked = later_steps.Reader(titles, at, self.fields)
        may_skip = parts["may_skip"].flag() if "may_skip" in parts else False
        picture = read_picture(parts["picture"], self.take_picture) if "picture" in parts else None
        return DraftStep(
            title=_text(parts, "title") or "",
            instructions=_text(parts, "instructions") or "",
            requirement=_requirement(item, parts),
            may_skip=bool(may_skip),
            picture=picture,
            wording=_wording(parts),
            wordings=self._wordings(at, parts["wordings"]) if "wordings" in parts else (),
            only_if=asked.condition(parts.get("only_if")),
            follow_up=asked.follow_up(parts.get("after")),
        )

    def _wordings(self, at: str, given: Field) -> tuple[DraftWording, ...]:
        """How each location words the step."""
        found = []
        for index, item in enumerate(given.items()):
            parts = item.members(WORDING_KEYS)
            here = f"{at}.wordings[{index}]"
            self.fields |= {here: item} | {f"{here}.{key}": part for key, part in parts.items()}
            where = " ".join((_text(parts, "location") or "").split())
            found.append(DraftWording(where, _text(parts, "title"), _text(parts, "instructions")))
        return tuple(found)


def _wording(parts: Mapping[str, Field]) -> str | None:
    return parts["wording"].one_of(WORDINGS) if "wording" in parts else None


def _requirement(item: Field, parts: Mapping[str, Field]) -> Requirement:
    kind = parts["proof"].one_of(KINDS) if "proof" in parts else None
    if "proof" not in parts:
        item.fault(f"Say which proof closes this step: {', '.join(KINDS)}.")
    return Requirement(
        kind=kind or "number",
        unit=_text(parts, "unit"),
        minimum=parts["min"].number() if "min" in parts else None,
        maximum=parts["max"].number() if "max" in parts else None,
        if_outside=_text(parts, "if_outside"),
        min_seconds=(parts["min_seconds"].whole() or 0) if "min_seconds" in parts else 0,
        scan_code=_text(parts, "scan_code"),
    )


def _text(parts: Mapping[str, Field], key: str) -> str | None:
    return parts[key].text() or None if key in parts else None
