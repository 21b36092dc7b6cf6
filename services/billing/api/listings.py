"""A listing that is read by the page, and of which one row is shown by its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from services.billing.api.models import one
from shared.errors import NotFound
from shared.http import Keyset, Page
from shared.http.paging import PageRequest
from shared.work import Work

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Listing(Generic[M]):
    """What `statement` finds; each of its `filters` that is left out filters nothing.

    `unknown` is raised for a row that is not there, or not in the caller's sight.
    """

    statement: str
    order: Keyset
    model: type[M]
    unknown: type[NotFound]
    filters: tuple[str, ...]

    async def page(self, work: Work, page: PageRequest, **filters: Any) -> Page[M]:
        """The rows on a page."""
        found: Page[M] = await page.read(
            work, self.statement, self.order, lambda row: self.model(**row), **self._all(filters)
        )
        return found

    async def one(self, work: Work, **key: Any) -> M:
        """The row of a key. Raises `unknown`."""
        return self.model(**await one(work, self.statement, self.unknown, **self._all(key)))

    def _all(self, filters: dict[str, Any]) -> dict[str, Any]:
        assert filters.keys() <= set(self.filters), "a filter that the statement does not know"
        return dict.fromkeys(self.filters) | filters
