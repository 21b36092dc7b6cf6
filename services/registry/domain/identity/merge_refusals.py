"""What is refused about merges."""

from __future__ import annotations

from shared.errors import Conflict, Forbidden


class CannotMerge(Conflict):
    """Something has to be settled before."""

    code = "cannot-merge"
    rule = "R-81"
    title_zh = "暂不能合并"
    title_en = "Cannot merge"


class StalePreview(Conflict):
    """What both hold has changed since the preview was read."""

    code = "stale-preview"
    rule = "R-81"
    title_zh = "预览已过期"
    title_en = "Stale preview"


class NotTheMerger(Forbidden):
    """Another centre or another role decides about these two."""

    code = "not-the-merger"
    rule = "R-81"
    title_zh = "无权决定合并"
    title_en = "Not the one who decides"


class NotMerged(Conflict):
    """There is nothing to undo."""

    code = "not-merged"
    rule = "R-81"
    title_zh = "客户未被合并"
    title_en = "Not merged"


class MergedCustomer(Conflict):
    """It is part of another customer now: whatever is decided is decided there."""

    code = "merged-customer"
    rule = "R-81"
    title_zh = "客户已并入其他客户"
    title_en = "Merged customer"
