"""import KIND FILE: what the command line calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from shared.clock import Clock, SystemClock
from shared.errors import Refusal
from shared.importing.extraction import Extraction
from shared.importing.handling import Handling, Rehearsal
from shared.importing.kinds import EventKind, ImportKind
from shared.importing.mapping import InvalidMapping, read_mapping
from shared.importing.mapping import Mapping as ImportMapping
from shared.importing.plan import make_plan
from shared.importing.previews import Preview
from shared.importing.problems import ADDED_COLUMNS, ErrorFile, RemarksFile
from shared.importing.progress import NoProgress
from shared.importing.progress import Progress as SavedProgress
from shared.importing.publishing import Publisher
from shared.importing.readings import Site
from shared.importing.report import Report
from shared.importing.running import run as run_import
from shared.importing.settings import ImportSettings
from shared.importing.sinks import Nowhere, Sink
from shared.importing.sources import Source, open_source
from shared.messaging.acceptance import ForeignCurrency
from shared.messaging.broker import Connection
from shared.messaging.topology import IMPORT_PREFIX
from shared.service import Service, runtime
from shared.settings import Settings

_OWN_FORM = "file"
ALL_GOOD, SOME_REFUSED, FILE_REFUSED = 0, 1, 2
"""Exit codes: every row went in; some are in the error file; nothing could be read."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported and how."""

    kind: str
    file: Path
    mapping: Path | None = None
    dry_run: bool = False
    errors: Path | None = None


def run(
    service: Service,
    settings: Settings,
    kind: str,
    file: Path,
    mapping: Path | None,
    dry_run: bool,
    errors: Path | None,
) -> int:
    """Import `file`, print the report (a table, and JSON on standard output), return exit code."""
    console = Console(stderr=True)
    request = Request(kind, file, mapping, dry_run, errors)
    try:
        report = asyncio.run(
            Import(service, settings, ImportSettings.from_environment(), console).run(request)
        )
    except Refusal as refusal:
        console.print(f"{refusal.title_zh}：{refusal.detail_zh}", style="red", markup=False)
        console.print(f"{refusal.title_en}: {refusal.detail_en}", style="red", markup=False)
        return FILE_REFUSED
    report.show(console)
    typer.echo(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2).decode())
    return SOME_REFUSED if report.refused_rows else ALL_GOOD


@dataclass(frozen=True, slots=True)
class Import:
    """Imports files into one service."""

    service: Service
    settings: Settings
    own: ImportSettings
    console: Console
    clock: Clock = field(default_factory=SystemClock)

    async def run(self, request: Request) -> Report:
        """Read, map, check and send one file; raises a Refusal when it cannot even be begun."""
        kind = self.service.imports[request.kind]
        mapping = _mapping(kind, request)
        source = open_source(
            request.file,
            encoding=mapping.encoding,
            delimiter=mapping.delimiter,
            sheet=mapping.sheet,
        )
        site = _site(mapping, self.settings)
        plan = make_plan(kind, mapping, source, site)
        report = Report(
            request.kind, mapping.system, request.file.name, source.encoding, request.dry_run
        )
        errors_path = _error_path(request)
        with (
            ErrorFile(errors_path, source.columns) as errors,
            RemarksFile(_remarks_path(errors_path)) as remarks,
            self._bar() as bar,
        ):
            task = bar.add_task(request.file.name, total=source.estimated_lines)
            async with (
                self._preview(kind, mapping.system, remarks) as preview,
                self._sink(kind, mapping, source, request.dry_run) as sink,
            ):
                await run_import(
                    Extraction(plan, source, errors.add),
                    sink,
                    report,
                    errors,
                    site=site,
                    time=self.clock.now(),
                    totals_by=mapping.totals_by,
                    preview=preview,
                    advance=lambda lines: bar.update(task, completed=lines),
                )
            report.remarks = remarks.counts
            report.remarks_file = str(remarks.path) if remarks.counts else ""
        return report

    @asynccontextmanager
    async def _preview(
        self, kind: ImportKind, system: str, remarks: RemarksFile
    ) -> AsyncIterator[Preview | None]:
        if not isinstance(kind, EventKind) or kind.preview is None:
            yield None
            return
        async with runtime(self.service, self.settings, "import", self.clock) as held:
            yield Preview(held.works, kind.preview(), system, remarks)

    @asynccontextmanager
    async def _sink(
        self, kind: ImportKind, mapping: ImportMapping, source: Source, is_dry_run: bool
    ) -> AsyncIterator[Sink]:
        if isinstance(kind, EventKind):
            if is_dry_run:
                yield Nowhere()
                return
            async with self._publisher(kind, mapping, source) as publisher:
                yield publisher
            return
        async with runtime(self.service, self.settings, "import", self.clock) as held:
            if not is_dry_run:
                yield Handling(held.works, kind, mapping.system)
                return
            rehearsal = Rehearsal(held.works, kind, mapping.system)
            try:
                yield rehearsal
            finally:
                await rehearsal.undo()

    @asynccontextmanager
    async def _publisher(
        self, kind: EventKind, mapping: ImportMapping, source: Source
    ) -> AsyncIterator[Publisher]:
        url = self.settings.nats_url
        identity = (
            *(self.service.name, kind.name, source.sha256),
            *(mapping.model_dump_json(), url),
        )
        progress = NoProgress() if kind.preview else SavedProgress(self.own.folder, *identity)
        connection = Connection(
            url,
            IMPORT_PREFIX + mapping.system,
            self.own.password(mapping.system),
            exit_when_closed=False,
        )
        client = await connection.open()
        try:
            yield Publisher(client, lambda: connection.denied, mapping.system, progress)
        finally:
            await connection.close()

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
        )


def _mapping(kind: ImportKind, request: Request) -> ImportMapping:
    """The mapping file, or for our own form (columns called as our fields) one made for it."""
    if request.mapping is not None:
        return read_mapping(request.mapping)
    if isinstance(kind, EventKind):
        raise InvalidMapping(
            f"导入 {kind.name} 需要 --mapping，其中至少写明 system",
            f"an import of {kind.name} needs --mapping, which at least names the system",
        )
    columns = open_source(request.file).columns
    fields = {name: name for name in columns if name not in ADDED_COLUMNS}
    return ImportMapping.model_validate({"kind": kind.name, "system": _OWN_FORM, "fields": fields})


def _site(mapping: ImportMapping, settings: Settings) -> Site:
    """The site as the mapping sees it; raises ForeignCurrency, since every row would be refused."""
    if mapping.currency not in (None, settings.currency):
        raise ForeignCurrency(
            f"文件币种为 {mapping.currency}，本站为 {settings.currency}",
            f"the file is in {mapping.currency}, this site in {settings.currency} (SITE_CURRENCY)",
        )
    zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else settings.zone
    return Site(settings.currency, zone)


def _remarks_path(errors: Path) -> Path:
    """Beside the error file: FILE.KIND.errors.csv has FILE.KIND.remarks.csv."""
    stem = errors.stem.removesuffix(".errors").removesuffix("errors").rstrip(".-_")
    return errors.with_name(f"{stem}.remarks.csv" if stem else "remarks.csv")


def _error_path(request: Request) -> Path:
    path = request.errors or Path(f"{request.file.stem}.{request.kind}.errors.csv")
    if path.resolve() == request.file.resolve():
        raise InvalidMapping(
            "错误文件不能与导入文件相同", "the error file cannot be the file that is imported"
        )
    return path
