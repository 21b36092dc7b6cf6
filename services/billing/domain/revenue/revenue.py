"""Revenue in the books: how a posting is decided, shared and taken back (B-31, R-44, R-45)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.errors import Invalid, Refusal
from shared.money import allocate

from .sharing import Share, Sharing, Terms

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

    `decided_on` is the day whose terms share it: its own, or its original's for a reversal, which
    knows the sender's number of that (`original_ref`).
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
    original_ref: str | None = None

    @property
    def family(self) -> tuple[date, str, str]:
        """The place of an original and all that takes it back among the customer's revenue.

        By the day that decides, then by the sender's number of the original.
        """
        return self.decided_on, self.system, self.original_ref or self.ref

    @property
    def order(self) -> tuple[date, str, str, bool, date, str]:
        """Its place among the customer's revenue: behind its original by its own day and number."""
        return (*self.family, self.reverses is not None, self.occurred_on, self.ref)


@dataclass(frozen=True, slots=True)
class UnitShare:
    """What one unit gets of a posting, in yuan; negative when the posting takes back."""

    unit: str
    amount: Decimal
    is_increment: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an original, in yuan: of what keeps the base, and of what goes beyond it."""

    base: Decimal
    increment: Decimal


@dataclass(frozen=True, slots=True)
class Decided:
    """A posting with the terms that decided it, what of it keeps the base, and the shares.

    Of a reversal also what is left of its original behind it.
    """

    posting: Posting
    terms: Terms
    base: Decimal
    shares: tuple[UnitShare, ...]
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """A posting that a reversal names, and what is left of it (yuan)."""

    posting: Posting
    still_there: Decimal


def check_reversal(reversal: Posting, original: Original) -> Refusal | None:
    """Why `reversal` cannot take back from `original`, or None.

    In part or in whole, of the same customer and line, and never from a reversal.
    """
    named, left = original.posting, original.still_there
    if named.reverses is not None:
        return ReversalOfReversal(
            f"{named.ref} 本身是冲销", f"{named.ref} is itself a reversal", ref=named.ref
        )
    if (reversal.customer_key, reversal.business_line) != (named.customer_key, named.business_line):
        return ReversalMismatch(
            f"{named.ref} 属于另一客户或业务",
            f"{named.ref} is of another customer or business line",
            pointer="/data/reverses",
            ref=named.ref,
        )
    if reversal.amount * named.amount > 0:
        return ReversalMismatch(
            f"冲销的金额须与 {named.ref} 的 {named.amount} 符号相反",
            f"what takes back from {named.ref} has the opposite sign of its {named.amount}",
            pointer="/data/amount",
            ref=named.ref,
        )
    if abs(reversal.amount) > abs(left):
        return ReversalTooLarge(
            f"{named.ref} 尚有 {left}，冲销 {reversal.amount}",
            f"{named.ref} has {left} left; the reversal is {reversal.amount}",
            pointer="/data/amount",
            left=left,
            reversal=reversal.amount,
        )
    return None


def steps_behind(originals: Mapping[UUID, UUID | None]) -> dict[UUID, int]:
    """How many postings of the same batch each has to come after: what it reverses, and so on.

    `originals` says of every posting what it reverses. Two that name each other come somewhere.
    """
    steps = {}
    for posting_id, original in originals.items():
        count, behind = 0, original
        while behind is not None and behind in originals and count < len(originals):
            count, behind = count + 1, originals[behind]
        steps[posting_id] = count
    return steps


def share(posting: Posting, terms: Terms, base: Decimal | None = None) -> Decided:
    """Divide what was earned by `terms` to the cent; `base` (yuan) of it keeps the base (R-45).

    `base` is needed only where the terms separate the increment (R-44). What takes back is decided
    with its original, by `share_in_order`.
    """
    kept = posting.amount if base is None else base
    beyond = posting.amount - kept
    parts = _divided(kept, terms, is_increment=False)
    if beyond:
        parts = (*parts, *_divided(beyond, terms, is_increment=True))
    return Decided(posting, terms, kept, parts)


def share_in_order(
    postings: Iterable[Posting], sharing: Sharing, before: Mapping[int, Decimal]
) -> Iterator[Decided]:
    """Decide postings that depend on each other, in their `order` (R-44, R-45).

    An original comes with all that takes it back. What takes back gives every unit the difference
    between its shares of what was left before and after, so that an original that is taken back in
    parts leaves no cent behind with anybody, in whatever order the parts came.

    Where a split separates base and increment, `postings` are all that the customer has from the
    first of them on; `before` is the revenue of each calendar year that lies in front of them. The
    base of a year is filled first; what goes beyond it is increment, and what takes back takes the
    increment first. A reversal counts on the day of what it takes back, whenever it comes: the base
    of a year is filled by what is left of that year's revenue, and no other year's.
    """
    so_far = dict(before)
    left = Left(NOTHING, NOTHING)
    for posting in postings:
        terms = sharing.on(posting.decided_on)
        assert terms is not None, "a posting is decided only once its customer's owner is known"
        year = posting.decided_on.year
        start = so_far.get(year, NOTHING)
        so_far[year] = start + posting.amount
        kept = posting.amount
        if terms.base_amount is not None:
            kept = min(so_far[year], terms.base_amount) - min(start, terms.base_amount)
        if posting.reverses is None:
            left = Left(kept, posting.amount - kept)
            yield share(posting, terms, kept)
        else:
            was, left = left, Left(left.base + kept, left.increment + posting.amount - kept)
            yield Decided(posting, terms, kept, _taken_back(was, left, terms), left)


def _taken_back(before: Left, after: Left, terms: Terms) -> tuple[UnitShare, ...]:
    return (
        *_moved(before.base, after.base, terms, is_increment=False),
        *_moved(before.increment, after.increment, terms, is_increment=True),
    )


def _moved(
    before: Decimal, after: Decimal, terms: Terms, *, is_increment: bool
) -> Iterator[UnitShare]:
    shares = _who_shares(terms, is_increment=is_increment)
    weights = [part.share for part in shares]
    pairs = zip(shares, allocate(before, weights), allocate(after, weights), strict=True)
    for part, then, now in pairs:
        if now != then:
            yield UnitShare(part.unit, now - then, is_increment)


def _who_shares(terms: Terms, *, is_increment: bool) -> tuple[Share, ...]:
    return terms.increment if is_increment and terms.increment else terms.base


def _divided(amount: Decimal, terms: Terms, *, is_increment: bool) -> tuple[UnitShare, ...]:
    shares = _who_shares(terms, is_increment=is_increment)
    if len(shares) == 1:
        return (UnitShare(shares[0].unit, amount, is_increment),) if amount else ()
    amounts = allocate(amount, [part.share for part in shares])
    return tuple(
        UnitShare(part.unit, given, is_increment)
        for part, given in zip(shares, amounts, strict=True)
        if given
    )
