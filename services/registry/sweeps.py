"""What falls due in registry, in this order within one business date."""

from __future__ import annotations

from services.registry.handlers import reseal
from services.registry.handlers.archive import find_stale
from services.registry.handlers.archive.custody import lend_original
from services.registry.handlers.belonging import renew_split
from services.registry.handlers.cases import notice_overdue
from services.registry.handlers.centres import classify_regions
from services.registry.handlers.handovers import depart
from services.registry.handlers.handovers import notice_overdue as notice_overdue_handovers
from services.registry.handlers.identity import keep_index
from services.registry.handlers.people import propose_rotations
from services.registry.handlers.proof import perform_change
from services.registry.handlers.recognition import recognise_key_account
from shared.sweeps import Sweeps, daily, daily_in_portions

SWEEPS = Sweeps(
    daily("follow-region-classes", classify_regions.follow),
    daily("open-archives", find_stale.open_files),
    daily("notice-overdue-archives", find_stale.overdue),
    daily("note-overdue-loans", lend_original.overdue),
    daily("seal-archive-log", find_stale.seal_log),
    daily("reseal", reseal.sweep),
    daily("perform-changes", perform_change.all_due),
    daily("notice-overdue-disputes", notice_overdue.handle),
    daily("renew-bases", renew_split.new_year),
    daily("follow-sharing-policies", renew_split.changed_policies),
    daily("fill-search", keep_index.fill_search),
    daily("hand-over-departures", depart.due),
    daily("notice-overdue-hand-overs", notice_overdue_handovers.handle),
    daily("propose-rotations", propose_rotations.handle),
    daily_in_portions("recognise-key-accounts", recognise_key_account.portion),
)
