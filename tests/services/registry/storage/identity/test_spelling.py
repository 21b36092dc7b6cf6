"""R-81: characters, pinyin and telephone numbers as kept libraries read them."""

from __future__ import annotations

import pytest
from pypinyin import Style, lazy_pinyin

from services.registry.storage.identity.spelling import address, person, phone, spelled, wanted


def test_r81_traditional_and_simplified_characters_are_one_name() -> None:
    assert spelled("廣州南方機械有限責任公司") == spelled("广州南方机械有限责任公司")
    assert spelled("臺灣銀行").keys.full == "台湾银行"


def test_a_name_is_found_by_its_initials_and_by_its_whole_pinyin() -> None:
    name = spelled("广州南方")
    assert (name.initials, name.pinyin) == ("gznf", "guangzhounanfang")


def test_letters_and_digits_stand_for_themselves() -> None:
    assert spelled("IBM广州2厂").initials == "ibmgz2c"


def test_a_sign_that_is_read_in_two_ways_is_read_in_its_word() -> None:
    assert spelled("重庆长安").initials == "cqca"
    assert spelled("厦门银行").pinyin == "xiamenyinhang"


@pytest.mark.parametrize("name", ["重庆重工行业银行", "长沙市长江音乐厅", "厦门ABB重要2号行长"])
def test_a_word_that_was_read_before_is_read_the_same_again(name: str) -> None:
    afresh = "".join(lazy_pinyin(name, style=Style.NORMAL)).lower()
    assert [spelled(f"{name}{more}").pinyin for more in ("", "甲", "")] == [
        *(afresh, f"{afresh}jia", afresh)
    ]


def test_what_is_looked_for_is_spelled_like_what_is_kept() -> None:
    assert wanted(" 廣州（南方）ＡＢ ") == "广州南方ab"


@pytest.mark.parametrize(
    "spelling",
    [
        "020-38881234",
        "(020) 3888 1234",
        "+86 20 38881234",
        "０２０－３８８８１２３４",
        "020-38881234转801",
        "020-38881234 ext. 9",
        "0086 20 3888 1234",
    ],
)
def test_r81_a_telephone_number_is_one_however_it_is_written(spelling: str) -> None:
    assert phone(spelling) == "+862038881234"


@pytest.mark.parametrize("text", ["", "王先生", "12", "传真同上", "1" * 30])
def test_r81_what_is_no_telephone_number_marks_nobody(text: str) -> None:
    assert phone(text) is None


def test_a_person_and_an_address_that_hold_no_sign_mark_nobody() -> None:
    assert (person("——"), address("／")) == (None, None)
    assert person(" 陳　小明 ") == "陈小明"
