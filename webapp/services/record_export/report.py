"""The report: the same events to be read and printed, without scripts or anything from outside."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import TextIO
from zoneinfo import ZoneInfo

from webapp.services.record_export.told import Entry, RunTold, StepTold

# Beyond it no browser opens the page; table and events hold the rest.
MOST_RUNS = 2000
_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.75rem } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem } h3 { font-size: 1rem }
article { border-top: 1px solid; break-inside: auto } h2, h3, figure { break-inside: avoid }
ol { padding: 0; list-style: none } li { display: flex; gap: 1rem; padding: .15rem 0 }
time { font-variant-numeric: tabular-nums; flex: none } figure { margin: 1rem 0 }
img { max-width: 100%; max-height: 24rem } figcaption, small { font-size: .875rem }
code { overflow-wrap: anywhere } h2, h3 { break-after: avoid }
@media print { body { margin: 0; max-width: none } }
@media (max-width: 30rem) { li { display: block } }
"""


class Report:
    """Writes the report run by run."""

    def __init__(self, file: TextIO, files: Mapping[str, str], erased: Mapping[str, str]) -> None:
        self._file, self._files, self._erased, self._runs = file, files, erased, 0

    def begin(self, organisation: str, asked: Mapping[str, str], made_at: datetime) -> None:
        """Write the head of the page: whose record, which part of it, and what it shows."""
        name = escape(organisation)
        self._file.write(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Record of {name}</title><style>{_STYLE}</style></head>\n<body><main>"
            f"<h1>Record of {name}</h1>\n<p>{escape(_part(asked))} "
            f"Made {made_at:%Y-%m-%d %H:%M} UTC. Times are those of each location.</p>\n"
            "<p>The events named by number are in events.jsonl; verify.py checks them, and that "
            "this page is the one that was made with them. It shows that nothing was changed "
            "since, and in what order it was noted. It does not show that a photo shows what "
            "somebody says, nor when a device took it whose clock could not be compared.</p>\n"
        )

    def add(self, run: RunTold) -> None:
        """Write one run."""
        self._runs += 1
        if self._runs <= MOST_RUNS:
            due = f"{run.deadline_at.astimezone(ZoneInfo(run.zone)):%A %d %B %Y, %H:%M}"
            title = f"{escape(run.process)}, {escape(run.location)}"
            self._file.write(
                f"<article><h2>{title}</h2>\n<p>Due {due} ({escape(run.zone)})</p>\n"
                f"{_trail(run.trail, run.zone)}"
            )
            for step in run.steps:
                self._step(step, run.zone)
            self._file.write("</article>\n")

    def end(self) -> None:
        """Write the end of the page."""
        if not self._runs:
            self._file.write("<p>No run belongs to this part of the record.</p>\n")
        if self._runs > MOST_RUNS:
            self._file.write(
                f"<p>The first {MOST_RUNS:,} of {self._runs:,} runs are shown here. "
                "steps.csv and events.jsonl hold all of them.</p>\n"
            )
        self._file.write("</main></body></html>\n")

    def _step(self, step: StepTold, zone: str) -> None:
        self._file.write(f"<h3>{escape(step.title)}: {escape(step.result)}</h3>\n")
        self._file.write(_trail(step.trail, zone))
        for sent in step.photos:
            self._file.write(self._photo(sent, step.title))

    def _photo(self, sent: str, title: str) -> str:
        if sent in self._erased:
            return f"<p>A photo or file was erased on {self._erased[sent][:10]}.</p>\n"
        named = f"<code>{escape(sent)}</code>"
        if sent not in self._files:
            return f"<p>Bytes that are not here: {named}</p>\n"
        where = escape(self._files[sent], quote=True)
        if not where.endswith(".jpg"):
            return f'<p>A file as it was sent: <a href="{where}">{named}</a></p>\n'
        words = escape(f"Photo given as proof of {title}", quote=True)
        return (
            f'<figure><img src="{where}" alt="{words}" loading="lazy">'
            f"<figcaption>{words}, {named}</figcaption></figure>\n"
        )


def _trail(entries: list[Entry], zone: str) -> str:
    lines = "".join(
        f"<li><time>{entry.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}</time> "
        f"<span>{escape(entry.words)} <small>event {entry.seq:,}</small></span></li>\n"
        for entry in entries
    )
    return f"<ol>\n{lines}</ol>\n" if lines else ""


def _part(asked: Mapping[str, str]) -> str:
    """Say which part of the record it is."""
    if not asked:
        return "All of it."
    days = {"from": "due from {}", "until": "due until {}"}
    parts = [days[name].format(asked[name]) for name in days if name in asked]
    parts += [f"{name} {asked[name]}" for name in ("process", "location", "step") if name in asked]
    return f"Runs: {', '.join(parts)}."
