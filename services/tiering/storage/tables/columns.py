"""What the tables of all areas share."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData()
