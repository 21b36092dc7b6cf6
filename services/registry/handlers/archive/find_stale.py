"""Sweeps: files are opened for key accounts (R-60), and what was not updated is told (R-67)."""

from __future__ import annotations

from datetime import date

from services.registry.domain.archive.freshness import ArchiveFreshness
from services.registry.handlers.archive.publishing import archive_overdue
from services.registry.storage.archive import audit, files, freshness
from shared.policy import timeline
from shared.work import Work


async def open_files(work: Work, on: date) -> int:
    """Open a file for every key account that has none yet; returns how many (R-60)."""
    return await files.open_missing(work, on)


async def overdue(work: Work, on: date) -> int:
    """Decide which files are overdue on `on`, once for each lapse; returns how many (R-67)."""
    versions = (await timeline(work, ArchiveFreshness)).versions
    in_force = [version for version in versions if version.effective_on <= on]
    if not in_force:
        return 0
    policy = in_force[-1]
    notices = await freshness.notice(work, policy.body, policy.version, on)
    for notice in notices:
        work.publish(archive_overdue(notice, policy.reference))
    return len(notices)


async def seal_log(work: Work, on: date) -> int:
    """Seal what no read has sealed yet; returns how many entries (X-08)."""
    return await audit.seal(work)
