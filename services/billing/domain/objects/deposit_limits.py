"""How much may be deposited on an object: always the sum of the chain (B-01, B-02, B-12, C10)."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from shared.money import CENT

from .deposit_refusals import (
    DepositTooLarge,
    DepositTooSmall,
    NoLargeDepositPossible,
    SmallDepositTooLarge,
    SmallDepositTooSmall,
)
from .deposit_terms import DepositTerms


def most_for(price: Decimal, terms: DepositTerms) -> Decimal:
    """The most that the deposits of an object of `price` (yuan) may come to, in whole cents."""
    return _share(price, terms.share_of_price)


def excess(held: Decimal, price: Decimal, terms: DepositTerms) -> Decimal:
    """What of `held` (yuan) has no effect of a deposit on an object of `price` (B-12).

    The law gives it none beyond its share of the contract value.
    """
    limit = _share(price, terms.legal_share or terms.share_of_price)
    return max(held - limit, Decimal(0))


def check_small(amount: Decimal, price: Decimal, terms: DepositTerms, policy_version: int) -> None:
    """Raise unless `amount` (yuan) is a small deposit that an object of `price` allows (B-01)."""
    if amount < terms.small.minimum:
        raise SmallDepositTooSmall(
            f"小定金不少于 {terms.small.minimum} 元",
            f"a small deposit is at least {terms.small.minimum} yuan",
            pointer="/amount",
            minimum=terms.small.minimum,
            amount=amount,
            policy_version=policy_version,
        )
    if amount >= terms.small.below:
        raise SmallDepositTooLarge(
            f"小定金须低于 {terms.small.below} 元",
            f"a small deposit is below {terms.small.below} yuan",
            pointer="/amount",
            limit=terms.small.below,
            sum=amount,
            policy_version=policy_version,
        )
    _check_most(amount, price, terms, policy_version)


def check_large(held: Decimal, price: Decimal, terms: DepositTerms, policy_version: int) -> None:
    """Raise unless `held` (yuan, the whole chain) is a large deposit for `price` (B-02, C10)."""
    most = most_for(price, terms)
    if most < terms.large.minimum:
        raise NoLargeDepositPossible(
            f"总价 {price} 元的上限为 {most} 元，低于大定金下限 {terms.large.minimum} 元",
            f"a price of {price} yuan allows {most} yuan, less than the minimum of a large"
            f" deposit, {terms.large.minimum} yuan",
            pointer="/price",
            limit=most,
            minimum=terms.large.minimum,
            policy_version=policy_version,
        )
    if held < terms.large.minimum:
        raise DepositTooSmall(
            f"大定金合计不少于 {terms.large.minimum} 元，现为 {held} 元",
            f"a large deposit comes to at least {terms.large.minimum} yuan, not {held}",
            pointer="/amount",
            minimum=terms.large.minimum,
            sum=held,
            policy_version=policy_version,
        )
    _check_most(held, price, terms, policy_version)


def _check_most(held: Decimal, price: Decimal, terms: DepositTerms, policy_version: int) -> None:
    most = most_for(price, terms)
    if held > most:
        raise DepositTooLarge(
            f"定金合计 {held} 元，超过总价 {price} 元的上限 {most} 元",
            f"the deposits come to {held} yuan; a price of {price} yuan allows {most}",
            pointer="/amount",
            limit=most,
            sum=held,
            policy_version=policy_version,
        )


def _share(price: Decimal, share: Decimal) -> Decimal:
    return (price * share).quantize(CENT, rounding=ROUND_DOWN)
