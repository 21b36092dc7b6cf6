"""Revenue in the books: how a posting is decided, shared and taken back (B-31, R-44, R-45)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.errors import Invalid, Refusal
from shared.money import allocate

from .accounts import Account
from .journal import Line
from .sharing import Sharing, Terms

NOTHING = Decimal(0)


class ReversalOfReversal(Refusal):
    """A reversal is final: what it took back can only be recorded anew."""

    code = "reversal-of-reversal"
    rule = "B-34"
    title_zh = "不能冲销冲销"
    title_en = "A reversal cannot be reversed"


class ReversalTooLarge(Refusal):
    """More would be taken back than was recorded."""

    code = "reversal-too-large"
    rule = "B-34"
    title_zh = "冲销超过原金额"
    title_en = "The reversal exceeds the original"


class ReversalMismatch(Invalid):
    """A reversal names another kind of fact, another customer or line, or does not take back."""

    code = "reversal-mismatch"
    rule = "B-34"
    title_zh = "冲销与原事实不符"
    title_en = "The reversal does not match its original"


@dataclass(frozen=True, slots=True)
class Posting:
    """Revenue as recorded: what never changes, whoever it is shared by.

    `decided_on` is the day whose terms share it: its own, or its original's for a reversal. `order`
    is its place among the customer's revenue: by day, then by the sender's number.
    """

    posting_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    amount: Decimal
    occurred_on: date
    decided_on: date
    signed_at_unit: str | None = None
    occurred_at_unit: str | None = None
    reverses: UUID | None = None

    @property
    def order(self) -> tuple[date, str, str]:
        return self.occurred_on, self.system, self.ref


@dataclass(frozen=True, slots=True)
class UnitShare:
    """What one unit gets of a posting, in yuan; negative when the posting takes back."""

    unit: str
    amount: Decimal
    is_increment: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A posting with the terms that decided it, what of it keeps the base, and the shares."""

    posting: Posting
    terms: Terms
    base: Decimal
    shares: tuple[UnitShare, ...]


def check_reversal(
    reversal: Posting, original: Posting, is_itself_reversal: bool, still_there: Decimal
) -> Refusal | None:
    """Why `reversal` cannot take back from `original`, of which `still_there` (yuan) is left."""
    if is_itself_reversal:
        return ReversalOfReversal(
            f"{original.ref} 本身是冲销", f"{original.ref} is itself a reversal", ref=original.ref
        )
    if (reversal.customer_key, reversal.business_line) != (
        original.customer_key,
        original.business_line,
    ):
        return ReversalMismatch(
            f"{original.ref} 属于另一客户或业务",
            f"{original.ref} is of another customer or business line",
            pointer="/data/reverses",
            ref=original.ref,
        )
    left_after = still_there + reversal.amount
    if abs(left_after) > abs(still_there) or left_after * still_there < 0:
        return ReversalTooLarge(
            f"{original.ref} 尚有 {still_there}，冲销 {reversal.amount}",
            f"{original.ref} has {still_there} left; the reversal is {reversal.amount}",
            pointer="/data/amount",
            left=still_there,
            reversal=reversal.amount,
        )
    return None


def share(posting: Posting, terms: Terms, base: Decimal | None = None) -> Decided:
    """Divide `posting` by `terms` to the cent; `base` (yuan) of it keeps the base (R-44, R-45).

    `base` is needed only where the terms separate the increment.
    """
    kept = posting.amount if base is None else base
    beyond = posting.amount - kept
    parts = _divided(kept, terms, is_increment=False)
    if beyond:
        parts = (*parts, *_divided(beyond, terms, is_increment=True))
    return Decided(posting, terms, kept, parts)


def share_in_order(
    postings: Iterable[Posting], sharing: Sharing, before: dict[int, Decimal]
) -> Iterator[Decided]:
    """Decide a customer's postings where its split separates base and increment (R-44).

    `postings` come in their `order` and are all that the customer has from the first of them on;
    `before` is the revenue of each calendar year that lies in front of them. The base of a year is
    filled first; what goes beyond it is increment, and what takes back takes the increment first.
    """
    so_far = dict(before)
    for posting in postings:
        terms = sharing.on(posting.decided_on)
        assert terms is not None, "a posting is decided only once its customer's owner is known"
        year = posting.occurred_on.year
        start = so_far.get(year, NOTHING)
        so_far[year] = start + posting.amount
        if terms.base_amount is None:
            yield share(posting, terms)
        else:
            kept = min(so_far[year], terms.base_amount) - min(start, terms.base_amount)
            yield share(posting, terms, kept)


def lines_of(decided: Decided) -> tuple[Line, ...]:
    """Dr billed clearing, Cr revenue of each unit; turned round for what takes back."""
    posting = decided.posting
    return tuple(
        Line(
            debit=Account.BILLED_CLEARING if part.amount > 0 else Account.REVENUE,
            credit=Account.REVENUE if part.amount > 0 else Account.BILLED_CLEARING,
            amount=abs(part.amount),
            event_on=posting.occurred_on,
            customer_key=posting.customer_key,
            unit=part.unit,
            business_line=posting.business_line,
            is_increment=part.is_increment,
        )
        for part in decided.shares
    )


def _divided(amount: Decimal, terms: Terms, *, is_increment: bool) -> tuple[UnitShare, ...]:
    shares = terms.increment if is_increment and terms.increment else terms.base
    if len(shares) == 1:
        return (UnitShare(shares[0].unit, amount, is_increment),) if amount else ()
    amounts = allocate(amount, [part.share for part in shares])
    return tuple(
        UnitShare(part.unit, given, is_increment)
        for part, given in zip(shares, amounts, strict=True)
        if given
    )
