"""What all tables of engagement have in common."""

from __future__ import annotations

from sqlalchemy import DateTime, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData()

Instant = DateTime(timezone=True)
Money = Numeric(18, 2)
Texts = ARRAY(Text)
