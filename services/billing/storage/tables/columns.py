"""The types of billing's columns, and the metadata that all its tables belong to."""

from __future__ import annotations

from sqlalchemy import DateTime, Enum, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY

from services.billing.domain.books.accounts import Account

metadata = MetaData()

Instant = DateTime(timezone=True)
Money = Numeric(18, 2)
Texts = ARRAY(Text)
AccountName = Enum(
    Account, name="account", values_callable=lambda names: [name.value for name in names]
)
