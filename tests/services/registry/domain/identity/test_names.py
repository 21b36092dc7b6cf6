"""R-81: what two spellings of one name have in common, and what keeps two companies apart."""

from __future__ import annotations

import pytest

from services.registry.domain.identity.names import address_key, name_keys, near_keys


@pytest.mark.parametrize(
    "spelling",
    [
        "广州南方机械有限公司",
        "广州南方机械有限责任公司",
        "广州南方机械股份有限公司",
        " 广州 南方·机械 有限公司 ",
        "广州南方机械有限公司（筹）",
        "广州南方机械（有限合伙）",
        "广州南方机械公司",
        "广州南方机械 Co., Ltd.",
    ],
)
def test_r81_legal_forms_blanks_and_signs_do_not_make_another_customer(spelling: str) -> None:
    assert name_keys(spelling).core == "广州南方机械"


def test_r81_width_and_case_do_not_make_another_customer() -> None:
    wide = name_keys("ＩＢＭ（中国）Ｃｏ．，　Ｌｔｄ．")
    assert wide == name_keys("ibm(中国) co., ltd.")
    assert (wide.core, wide.bare) == ("ibm中国", "ibm")


@pytest.mark.parametrize(
    "spelling", ["宝洁（广州）有限公司", "宝洁[广州]有限公司", "宝洁【广州】公司"]
)
def test_r81_brackets_are_signs_and_their_content_counts(spelling: str) -> None:
    keys = name_keys(spelling)
    assert (keys.core, keys.bare) == ("宝洁广州", "宝洁")


def test_r81_what_stands_in_brackets_keeps_two_subsidiaries_apart() -> None:
    guangzhou, chengdu = name_keys("宝洁（广州）有限公司"), name_keys("宝洁（成都）有限公司")
    assert guangzhou.core != chengdu.core
    assert guangzhou.bare == chengdu.bare


def test_r81_brackets_after_the_legal_form_hide_no_legal_form() -> None:
    assert name_keys("宝洁有限公司（广州）").core == "宝洁广州"


@pytest.mark.parametrize("name", ["有限公司", "公司", "Co., Ltd", "（筹）", "A"])
def test_r81_a_name_that_is_nothing_else_is_kept_whole(name: str) -> None:
    keys = name_keys(name)
    assert keys.full
    assert keys.core
    assert keys.bare


@pytest.mark.parametrize("name", ["", "（）", "——", "…"])
def test_r81_a_name_of_signs_alone_has_nothing_to_compare(name: str) -> None:
    assert name_keys(name).core == ""


def test_r81_a_group_is_not_its_subsidiary() -> None:
    assert name_keys("广州南方集团有限公司").core != name_keys("广州南方有限公司").core


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("南方机械", "南方机戒"),
        ("南方机械", "南方机"),
        ("南方机械", "南方大机械"),
        ("南方机械", "南机方械"),
        ("南方机械", "南方机械"),
    ],
)
def test_r81_one_slip_of_the_pen_is_near(one: str, other: str) -> None:
    assert set(near_keys(one)) & set(near_keys(other))


def test_r81_two_other_signs_are_not_near() -> None:
    assert not set(near_keys("南方机械")) & set(near_keys("北方机电"))


@pytest.mark.parametrize(
    "spelling",
    [
        "广东省广州市天河区天河路1号",
        "广州市天河区天河路１号",
        "中国 广东省 广州市 天河区 天河路 1 号",
    ],
)
def test_r81_an_address_is_one_with_or_without_country_and_province(spelling: str) -> None:
    assert address_key(spelling) == "广州市天河区天河路1号"


def test_r81_another_number_is_another_address() -> None:
    assert address_key("天河路1号") != address_key("天河路11号")
