"""What customers are given."""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import CustomerFact, MoneyAmount
from shared.contracts.values import Code, Count, Day, Label


class GiftGiven(CustomerFact):
    """A gift of the company went to a customer (E-56 to E-58). Entity: `gift`."""

    subject: ClassVar[str] = "dakehu.engagement.gift_given.v1"
    gift_id: UUID
    """The gift."""
    item: Code
    """Code of the item in stock."""
    item_name: Label
    """What it is."""
    quantity: Annotated[int, Field(ge=1)]
    """Pieces."""
    value: MoneyAmount
    """Of all pieces."""
    given_by: Code
    """Staff code."""
    given_on: Day
    """The day it was given."""
    returned: Count = 0
    """Pieces that were taken back since."""
