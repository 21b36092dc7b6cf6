"""Is this customer known already, and which codes of other systems are its own (R-81)?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.register import observations as domain
from services.registry.domain.register.customers import Customer
from services.registry.storage.register import customers, observations
from services.registry.storage.register.customers import Codes
from services.registry.storage.register.divisions import credit_code
from shared.work import Work


async def require_new(
    work: Work,
    text: str | None,
    family: UUID | None,
    pointer: str = "/customer/unified_credit_code",
) -> str | None:
    """The credit code in `text`, in capitals, if no other customer has it (R-81).

    `family` is the head office of a branch, which may share the code with it and with its other
    branches. Raises InvalidCreditCode, CustomerExists.
    """
    if text is None:
        return None
    code = credit_code(text)
    if code is None:
        raise domain.InvalidCreditCode(
            f"“{text}”不是统一社会信用代码",
            f"“{text}” is no unified social credit code",
            pointer=pointer,
        )
    await customers.lock_credit_codes(work, [code])
    living = await customers.living_with(work, [code])
    domain.require_new(families(living.get(code, [])), family)
    return code


def families(living: Iterable[RowMapping]) -> list[tuple[UUID, str]]:
    """Each customer of `customers.living_with` by its head office, and the unit to ask."""
    return [(row["head_office_key"] or row["customer_key"], row["unit"]) for row in living]


async def link(work: Work, customer: Customer, codes: Codes) -> None:
    """Cross-reference the codes; the customer is found by what was told under them (R-81).

    Raises CodeTaken.
    """
    key = customer.customer_key
    for system, code in codes:
        await customers.link(work, key, system, code)
    await observations.keep_marks(work, dict.fromkeys(codes, key))


async def adopt_observations(work: Work, customer: Customer) -> None:
    """Cross-reference the codes under which others have seen the customer's credit code (R-81).

    The credit code must be locked, as `require_new` leaves it. A head office and its branches that
    share one cannot be told apart by it, so then nothing is adopted.
    """
    code = customer.unified_credit_code
    if code is None:
        return
    living = await customers.living_with(work, [code])
    if len(living[code]) != 1:
        return
    unlinked = await observations.unlinked_with(work, [code])
    await link(work, customer, unlinked.get(code, []))
