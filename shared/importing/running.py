"""One import from its first line to its report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.contracts.envelope import Enterprise
from shared.importing.checks import Refs, objections, outgoing
from shared.importing.extraction import Entry, Extraction
from shared.importing.previews import Preview, Previewed
from shared.importing.problems import ErrorFile, Reason
from shared.importing.readings import Site
from shared.importing.report import Report
from shared.importing.sinks import Ready, Sink

BATCH = 500


async def run(
    extraction: Extraction,
    sink: Sink,
    report: Report,
    errors: ErrorFile,
    *,
    site: Site,
    time: datetime,
    totals_by: str | None = None,
    preview: Preview | None = None,
    advance: Callable[[int], None] = lambda lines: None,
) -> None:
    """Take every good entry to `sink`, every bad row to `errors`, and fill `report`.

    `time` is the moment of the import, which every event carries. `preview` asks the service about
    every batch before it goes. `advance` is told how many lines have been read so far.
    """
    refs, batch = Refs(), list[Ready]()

    async def flush() -> None:
        looked = Previewed(batch, [], []) if preview is None else await preview.take(batch)
        taken = await sink.take(looked.good)
        refused = {id(entry): why for entry, why in (*looked.refused, *taken.refused)}
        for ready in batch:
            if id(ready.entry) in refused:
                extraction.refuse(ready.entry, [refused[id(ready.entry)]])
            else:
                report.count(ready.entry, totals_by)
        report.sent += taken.now
        report.sent_before += taken.before + len(looked.before)
        batch.clear()
        advance(extraction.lines_read)

    for entry in extraction.entries():
        checked = _check(entry, refs, report.system, site, time)
        if isinstance(checked, Ready):
            batch.append(checked)
        elif checked:
            extraction.refuse(entry, checked)
        else:
            report.repeated += 1
        if len(batch) >= BATCH:
            await flush()
    if batch:
        await flush()
    extraction.finish()
    report.lines_read = extraction.lines_read
    report.set_aside = extraction.set_aside
    report.refused_rows = errors.rows
    report.refused_by_column = errors.by_reason
    report.error_file = str(errors.path) if errors.rows else ""


def _check(
    entry: Entry, refs: Refs, system: str, site: Site, time: datetime
) -> Ready | list[Reason]:
    """The entry ready to go, or the reasons why not; no reason at all for a repetition."""
    repeated = refs.is_repeated(entry)
    if isinstance(repeated, Reason):
        return [repeated]
    if repeated:
        return []
    if not isinstance(entry.model, Enterprise):
        return Ready(entry, None)
    event = outgoing(entry.model, system, time)
    return objections(entry.model, event, site, system, time) or Ready(entry, event)
