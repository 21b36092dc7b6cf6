"""R-77: who reported is sealed and found again after the keys were rotated."""

from __future__ import annotations

from dataclasses import replace

from services.registry.handlers.conduct import report_misuse
from services.registry.handlers.conduct.report_misuse import ReportMisuse
from services.registry.storage.conduct import misuse
from shared.crypto import Box, new_key
from shared.work import Work
from tests.services.registry.story import acting
from tests.support import cast


async def test_r77_reporters_are_sealed_and_marked_anew_with_new_keys(work: Work) -> None:
    old, old_marks, new, new_marks = (new_key() for _ in range(4))
    before = replace(work, box=Box(old, old_marks))
    report = ReportMisuse(
        *(acting(cast.MANAGER_A), cast.MANAGER_B.code, "leak", work.today),
        "把客户名单发给了外单位",
    )
    case = await report_misuse.handle(before, report)
    assert await misuse.reseal(before) == 0

    rotating = replace(work, box=Box(f"{new},{old}", f"{new_marks},{old_marks}"))
    assert await misuse.reseal(rotating) == 1
    assert await misuse.reseal(rotating) == 0

    after = replace(work, box=Box(new, new_marks))
    assert await misuse.reporter(after, case.case_id) == cast.MANAGER_A.code
    found = await work.value(
        "SELECT case_id FROM misuse_reporters WHERE mark = ANY(:marks)",
        marks=misuse.marks(after, cast.MANAGER_A.code),
    )
    assert found == case.case_id
