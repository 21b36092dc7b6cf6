"""R-08: posts as data, who is missing and who stands where no such post is."""

from __future__ import annotations

import dataclasses

import pytest

from services.registry.domain.centres.organisation import Level
from services.registry.domain.centres.posts import CentrePosts, Post, staffing

DIRECTOR = Post("director", "总监", "Director", "director", ("city", "county"), 1)
MANAGER = Post("account-manager", "客户经理", "Manager", "account_manager", ("city",), 2)
POSTS = CentrePosts((DIRECTOR, MANAGER))


@pytest.mark.parametrize(("held", "missing"), [(0, True), (1, True), (2, False), (3, False)])
def test_r08_a_centre_has_at_least_the_people_that_the_policy_says(
    held: int, missing: bool
) -> None:
    found = staffing(Level.CITY, {"director": 1, "account_manager": held}, POSTS)
    assert [each.post for each in found] == (["account-manager"] if missing else [])


def test_r08_nobody_is_missing_where_the_post_does_not_exist() -> None:
    assert staffing(Level.BRANCH, {"branch_staff": 2}, POSTS) == []
    (found,) = staffing(Level.BRANCH, {"director": 1}, POSTS)
    assert (found.post, found.is_misplaced, found.minimum) == ("director", True, 0)
    assert [each.post for each in staffing(Level.COUNTY, {}, POSTS)] == ["director"]


def test_r08_a_post_gives_a_role_and_stands_at_a_level_that_there_are() -> None:
    with pytest.raises(ValueError, match="king"):
        CentrePosts((dataclasses.replace(DIRECTOR, role="king"),))
    with pytest.raises(ValueError, match="moon"):
        CentrePosts((dataclasses.replace(DIRECTOR, levels=("moon",)),))
