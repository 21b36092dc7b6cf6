"""Keys are rotated in batches while archives stay readable (R-74)."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.registry.domain.archive.parts.basic import BasicPart
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.handlers import reseal
from services.registry.handlers.archive import write_part
from services.registry.handlers.archive.write_part import WritePart
from services.registry.storage.archive import vault, versions
from services.registry.storage.archive.vault import SealedForUs
from services.registry.storage.identity import questions
from services.registry.storage.identity.likeness import Described
from shared.crypto import Box, new_key
from shared.work import Work
from tests.services.registry.story import acting, approved
from tests.support import cast

OLD, NEW, MARKS = new_key(), new_key(), new_key()


async def sealed_with(work: Work, keys: str) -> UUID:
    """A customer whose basic part was sealed while the service had `keys`."""
    work.box = Box(keys, MARKS)
    key = await approved(work)
    command = WritePart(
        *(key, Place(Section.BASIC), BasicPart(phone="13800135678")),
        *(acting(cast.COUNTY_MANAGER), "建档", 0),
    )
    await write_part.handle(work, command)
    return key


async def phone(work: Work, key: UUID) -> object:
    """The phone as it is kept."""
    (stored,) = await versions.load(work, [key], [Section.BASIC])
    return stored.secrets["/phone"]


async def test_r74_after_resealing_the_old_key_is_not_needed_any_more(work: Work) -> None:
    key = await sealed_with(work, OLD)
    work.box = Box(f"{NEW},{OLD}", MARKS)
    assert await phone(work, key) == "13800135678", "both keys open"
    batches = []
    while count := await reseal.batch(work):
        batches.append(count)
    assert batches == [3], "the value, its mark, the seal of the log"
    work.box = Box(NEW, MARKS)
    assert await phone(work, key) == "13800135678"


async def test_r74_resealing_goes_batch_by_batch_and_can_be_run_again(work: Work) -> None:
    await sealed_with(work, OLD)
    for number in range(4):
        await vault.seal(work, UUID(int=number), {"/phone": "13800135678"})
    work.box = Box(f"{NEW},{OLD}", MARKS)
    assert [await vault.reseal(work, 2) for _ in range(4)] == [2, 2, 1, 0]


async def test_r74_a_key_that_was_dropped_too_early_is_told_and_nothing_is_lost(
    work: Work,
) -> None:
    key = await sealed_with(work, OLD)
    work.box = Box(NEW, MARKS)
    with pytest.raises(SealedForUs):
        await vault.reseal(work, 10)
    with pytest.raises(SealedForUs):
        await phone(work, key)
    work.box = Box(OLD, MARKS)
    assert await phone(work, key) == "13800135678"


async def test_r74_questions_about_duplicates_are_resealed_and_stay_as_they_were_asked(
    work: Work,
) -> None:
    """R-74: a question holds phones and names; its seal follows the keys, the rest never moves."""
    work.box = Box(OLD, MARKS)
    by = acting(cast.COUNTY_MANAGER)
    asked = Described(name="广州南方机械有限公司", phones=("13800135678",))
    number = await questions.note(work, by, questions.QUESTION, asked, [], 1)
    work.box = Box(f"{NEW},{OLD}", MARKS)
    assert await reseal.batch(work) == 1
    assert await reseal.batch(work) == 0
    work.box = Box(NEW, MARKS)
    row = await work.row("SELECT * FROM duplicate_questions WHERE question_id = :id", id=number)
    assert row is not None
    assert questions.opened(work, row["asked"])["phones"] == ["13800135678"]
    with pytest.raises(Exception, match="only ever added to"):
        await work.run("UPDATE duplicate_questions SET asked_by = 'X'")
