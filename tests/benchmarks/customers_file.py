"""Writes a register of customers as sites have them, for measuring an import.

python -m tests.benchmarks.customers_file ROWS FILE.csv

The same rows give the same file. One in twenty is messy: a retired division, a credit code in small
or wide signs or with a wrong check character, capital in words, a junk telephone number; one in a
hundred cannot be taken at all: an unknown division, a credit code that an earlier row has.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from stdnum.cn import uscc

_SEED = 20260301
_DIVISIONS = [f"4401{n:02d}" for n in (3, 4, 5, 6, 11, 12, 13, 14, 15, 17, 18)]
_DIVISIONS += [f"44{city:02d}00" for city in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13)]
_PLACES = [
    "羊城",
    "岭南",
    "珠江",
    "白云",
    "越秀",
    "南沙",
    "天河",
    "黄埔",
    "荔湾",
    "番禺",
    "从化",
    "增城",
    "花都",
    "海珠",
    "粤东",
    "粤西",
]
_WORDS = [
    "宏达",
    "永盛",
    "金桥",
    "新华",
    "恒丰",
    "华南",
    "远东",
    "中信",
    "大洋",
    "长城",
    "星海",
    "瑞丰",
    "联合",
    "同济",
    "百川",
    "千禧",
]
_TRADES = [
    "机械",
    "药业",
    "纺织",
    "电子",
    "贸易",
    "物流",
    "食品",
    "建材",
    "化工",
    "印刷",
    "服装",
    "医疗",
    "教育",
    "能源",
    "环保",
    "科技",
]
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "（集团）有限公司")
_CAPITAL = ("500万元", "壹仟万", "1,000万", "3000000", "人民币伍佰万元整", "1.2亿", "")
_MESSY_CAPITAL = ("不详", "100万美元", "500-600万", "见执照")
_MESSY_PHONE = ("无", "12345", "020-", "139xxxx0000")
COLUMNS = ("code", "name", "division", "credit_code", "phone", "capital", "industry")


def rows(number: int) -> Iterator[list[str]]:
    """`number` customers, always the same ones."""
    chance = random.Random(_SEED)
    codes: list[str] = []
    for index in range(number):
        name = f"广东{chance.choice(_PLACES)}{chance.choice(_WORDS)}{index}{chance.choice(_TRADES)}"
        code = _credit_code(index)
        row = [
            f"K-{index:07d}",
            name + chance.choice(_FORMS),
            _DIVISIONS[index % len(_DIVISIONS)],
            code,
            f"020-8{chance.randrange(10**7):07d}",
            chance.choice(_CAPITAL),
            chance.choice(_TRADES),
        ]
        if index % 20 == 7:
            _mess_up(row, chance.randrange(6), chance)
        if index % 100 == 13:
            _spoil(row, codes, chance)
        codes.append(code)
        yield row


def write(path: Path, number: int) -> None:
    """Write them as CSV in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(number))


def _credit_code(index: int) -> str:
    bare = f"91440101MA{index:07d}"
    return bare + uscc.calc_check_digit(bare)


def _mess_up(row: list[str], how: int, chance: random.Random) -> None:
    if how == 0:
        row[2] = chance.choice(("440116", "440102", "440183"))
    elif how == 1:
        row[3] = row[3].lower()
    elif how == 2:
        row[3] = row[3].translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789MA"})
    elif how == 3:
        row[3] = row[3][:-1] + ("1" if row[3][-1] != "1" else "2")
    elif how == 4:
        row[5] = chance.choice(_MESSY_CAPITAL)
    else:
        row[4] = chance.choice(_MESSY_PHONE)


def _spoil(row: list[str], codes: list[str], chance: random.Random) -> None:
    if chance.random() < 0.5 or not codes:
        row[2] = "449900"
    else:
        row[3] = chance.choice(codes)


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
