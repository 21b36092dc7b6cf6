"""Why a contract may not change as it did: in Chinese and English, by event and field."""

from __future__ import annotations

from dataclasses import dataclass

from .compatibility import Obstacle, Rule, Schema, removed_fields, unreadable

_OLD_MESSAGES = {
    Rule.MUST_BE_PRESENT: (
        "成为必填字段，而旧消息可能没有它",
        "is required now, but older messages may lack it",
    ),
    Rule.TYPE: (
        "类型收窄：旧消息中的 {writer} 不再可读（现为 {reader}）",
        "has a narrower type: {writer} of older messages is not accepted any more (now {reader})",
    ),
    Rule.VALUE: (
        "取值 {writer} 被删除（现有 {reader}）",
        "lost the value {writer} (now {reader})",
    ),
    Rule.LIMIT: (
        "限制收紧：由 {writer} 改为 {reader}",
        "has a tighter limit: {writer} became {reader}",
    ),
    Rule.DEFAULT: (
        "缺省值由 {writer} 改为 {reader}，旧消息的含义随之改变",
        "has another default ({writer} became {reader}), which changes what older messages say",
    ),
    Rule.UNKNOWN: (
        "约束改变，无法证明兼容：由 {writer} 改为 {reader}",
        "changed in a way that cannot be shown to be additive: {writer} became {reader}",
    ),
}
_NEW_MESSAGES = {
    Rule.MUST_BE_PRESENT: (
        "不再保证存在，而尚未升级的消费者依赖它",
        "may be absent now, but consumers one release behind rely on it",
    ),
    Rule.TYPE: (
        "类型放宽：尚未升级的消费者读不懂 {writer}（只认 {reader}）",
        "has a wider type: consumers one release behind cannot read {writer} (only {reader})",
    ),
    Rule.VALUE: (
        "新增取值 {writer}，尚未升级的消费者不认识",
        "gained the value {writer}, which consumers one release behind do not know",
    ),
    Rule.LIMIT: (
        "限制放宽：由 {reader} 改为 {writer}，尚未升级的消费者会拒收",
        "has a looser limit: {reader} became {writer}, which consumers one release behind refuse",
    ),
    Rule.DEFAULT: (
        "缺省值由 {reader} 改为 {writer}，尚未升级的消费者会误解",
        "has another default ({reader} became {writer}), which older consumers misunderstand",
    ),
    Rule.UNKNOWN: (
        "约束改变，无法证明兼容：由 {reader} 改为 {writer}",
        "changed in a way that cannot be shown to be additive: {reader} became {writer}",
    ),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A change that is not additive: the event, the field (a JSON Pointer) and what is wrong."""

    event: str
    field: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.event} {self.field}\n  字段{self.zh}\n  the field {self.en}"


def breaches(event: str, before: Schema, after: Schema) -> list[Breach]:
    """Why the schema `after` may not replace `before` within the major of `event`.

    Whoever reads must still read every older message. What we publish ourselves (`dakehu.`) must
    also be readable with the older schema. A field never disappears.
    """
    found = [
        Breach(event, field, "被删除", "was removed") for field in removed_fields(before, after)
    ]
    gone = {breach.field for breach in found}
    judged = [(obstacle, _OLD_MESSAGES) for obstacle in unreadable(reader=after, writer=before)]
    if event.startswith("dakehu."):
        judged += [
            (obstacle, _NEW_MESSAGES) for obstacle in unreadable(reader=before, writer=after)
        ]
    found += [
        _explained(event, obstacle, words)
        for obstacle, words in judged
        if obstacle.field not in gone
    ]
    return found


def _explained(event: str, obstacle: Obstacle, words: dict[Rule, tuple[str, str]]) -> Breach:
    zh, en = words[obstacle.rule]
    said = {"reader": obstacle.reader, "writer": obstacle.writer}
    return Breach(event, obstacle.field or "/", zh.format(**said), en.format(**said))
