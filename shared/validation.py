"""What is wrong with an input, said by pydantic, in words for a person: Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import ErrorDetails

_CHINESE = {
    "missing": "缺少该字段",
    "extra_forbidden": "没有这个字段",
    "unexpected_keyword_argument": "没有这个字段",
    "string_type": "应为文字",
    "string_too_short": "文字过短，至少 {min_length} 个字符",
    "string_too_long": "文字过长，最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符，应符合 {pattern}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "decimal_type": "应为十进制数",
    "decimal_parsing": "应为十进制数",
    "decimal_max_places": "小数位过多，最多 {decimal_places} 位",
    "decimal_max_digits": "位数过多，最多 {max_digits} 位",
    "date_type": "应为日期，例如 2026-03-01",
    "date_parsing": "应为日期，例如 2026-03-01",
    "date_from_datetime_parsing": "应为日期，例如 2026-03-01",
    "date_from_datetime_inexact": "应为日期，不含时刻",
    "datetime_type": "应为日期和时刻，例如 2026-03-01T09:00:00+08:00",
    "datetime_parsing": "应为日期和时刻，例如 2026-03-01T09:00:00+08:00",
    "datetime_from_date_parsing": "应为日期和时刻，例如 2026-03-01T09:00:00+08:00",
    "timezone_aware": "时刻须带时区",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "too_short": "项数过少，至少 {min_length} 项",
    "too_long": "项数过多，最多 {max_length} 项",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "dataclass_type": "应为对象",
    "json_invalid": "不是有效的 JSON",
}
_OWN_WORDS = ("value_error", "assertion_error")


def in_words(error: ErrorDetails) -> tuple[str, str]:
    """What one pydantic error says, as (Chinese, English).

    A message of our own validators already says both, divided by " / ".
    """
    message = error["msg"]
    if error["type"] in _OWN_WORDS:
        message = message.split(", ", 1)[-1]
        chinese, _, english = message.partition(" / ")
        return chinese, english or chinese
    template = _CHINESE.get(error["type"])
    if template is None:
        return f"值无效（{message}）", message
    context = _Context(error.get("ctx", {}))
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", "、").replace(", ", "、")
    return template.format_map(context), message


def pointer(location: Sequence[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of the place that an error names; "" is the whole document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


class _Context(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
