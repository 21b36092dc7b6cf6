"""Rows of reports as the models of answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import RowMapping

M = TypeVar("M", bound=BaseModel)


def made_as(kind: type[M]) -> Callable[[RowMapping], M]:
    """Turns a row into a model of the answer."""

    def make(row: RowMapping) -> M:
        return kind.model_validate(dict(row))

    return make
