"""CloudEvents 1.0 over NATS, on the way in: structured and binary (out: `encoding`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import unquote
from uuid import UUID

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.contracts import catalogue
from shared.contracts.envelope import Enterprise, Event, Published
from shared.contracts.values import LINE_PATTERN
from shared.errors import Refusal

E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)

CONTENT_TYPE = "application/cloudevents+json"
CONTENT_TYPE_HEADER = "content-type"
MAX_MESSAGE_BYTES = 512 * 1024
"""A larger message is refused: a fact is a fact, not a file."""
_MAJOR = re.compile(r"v[0-9]{1,4}")


class Undecodable(Refusal):
    """The message is not a fact that this suite can read."""

    code = "undecodable"
    title_zh = "无法解读的消息"
    title_en = "Undecodable message"


class UnknownType(Undecodable):
    """No such event, or a major version that nobody here knows."""

    code = "unknown-type"
    title_zh = "未知的事件类型或主版本"
    title_en = "Unknown event type or major version"


class ForeignSource(Undecodable):
    """`source` claims another system than the one that the subject proves."""

    code = "foreign-source"
    title_zh = "来源与主题中的系统不符"
    title_en = "The source is not the subject's system"


class Oversized(Undecodable):
    """Larger than a fact may be."""

    code = "oversized"
    title_zh = "消息过大"
    title_en = "Message too large"


_Attribute = Annotated[str, Field(max_length=200, pattern=LINE_PATTERN)]


class CloudEvent(BaseModel, Generic[E]):
    """The envelope on the wire; unknown extension attributes are ignored.

    No attribute holds a control character: CloudEvents forbids it, and no database keeps a NUL.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"]
    id: _Attribute = Field(min_length=1)
    source: str = Field(min_length=1, max_length=500, pattern=LINE_PATTERN)
    type: _Attribute
    subject: str | None = None
    time: AwareDatetime
    correlationid: _Attribute | None = None
    traceparent: _Attribute | None = None
    data: E


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the broker delivered it: where, with which headers, which bytes."""

    subject: str
    headers: Mapping[str, str]
    body: bytes

    def packed(self) -> bytes:
        """Everything needed to decode it again, for keeping."""
        return orjson.dumps([self.subject, dict(self.headers), self.body.decode("latin-1")])

    @classmethod
    def unpacked(cls, packed: bytes) -> Message:
        """The message that `packed` made."""
        subject, headers, body = orjson.loads(packed)
        return cls(subject, headers, body.encode("latin-1"))


@dataclass(frozen=True, slots=True)
class Fact(Generic[E_co]):
    """One decoded event with the attributes that its envelope carried.

    `system` is the second token of the NATS subject, which the broker's permissions guarantee.
    `digest` tells whether two events from outside with the same ref say the same; it is empty for
    facts of our own services, which have no ref.
    """

    id: str
    source: str
    system: str
    subject: str
    type: str
    time: datetime
    customer_key: UUID | None
    correlation_id: str | None
    traceparent: str | None
    data: E_co
    digest: bytes
    message: Message

    @property
    def ref(self) -> str | None:
        """The sender's own number; None for facts of our own services."""
        return self.data.ref if isinstance(self.data, Enterprise) else None


@cache
def event_class(subject: str) -> type[Event]:
    """The event class that is carried on `subject`. Raises UnknownType."""
    tokens = subject.split(".")
    found: type[Event] | None = None
    if len(tokens) == 4 and tokens[0] == "dakehu":
        found = catalogue.by_subject(subject)
    elif len(tokens) == 4 and tokens[0] == "enterprise" and _MAJOR.fullmatch(tokens[3]):
        found = catalogue.enterprise_event(tokens[2], int(tokens[3][1:]))
    if found is None:
        raise UnknownType(
            f"主题 {subject} 不是本系统所知的事件", f"{subject} is no event that this suite knows"
        )
    return found


@cache
def _envelope(event: type[Event]) -> type[CloudEvent[Any]]:
    return CloudEvent[event]  # type: ignore[valid-type]  # made at run time, once per event


@cache
def wire_type(subject: str) -> str:
    """The CloudEvents `type` on `subject`: for `enterprise.` without the system."""
    tokens = subject.split(".")
    return subject if tokens[0] == "dakehu" else ".".join((tokens[0], *tokens[2:]))


def decode(message: Message) -> Fact[Event]:
    """Read a message. Raises Undecodable (or a subclass) with a reason a person understands."""
    if len(message.body) > MAX_MESSAGE_BYTES:
        raise Oversized(
            f"消息有 {len(message.body)} 字节, 上限为 {MAX_MESSAGE_BYTES}",
            f"the message has {len(message.body)} bytes, the limit is {MAX_MESSAGE_BYTES}",
        )
    event = event_class(message.subject)
    body = _structured(message) if "ce-id" in message.headers else message.body
    try:
        read = _envelope(event).model_validate_json(body)
    except ValidationError as error:
        raise _explained(error) from None
    _check_identity(message.subject, read)
    data = read.data
    return Fact(
        id=read.id,
        source=read.source,
        system=message.subject.split(".")[1],
        subject=message.subject,
        type=read.type,
        time=read.time,
        customer_key=data.customer_key if isinstance(data, Published) else None,
        correlation_id=read.correlationid,
        traceparent=read.traceparent,
        data=data,
        digest=digest_of(data) if isinstance(data, Enterprise) else b"",
        message=message,
    )


def digest_of(data: Event) -> bytes:
    """What was said, in 16 bytes; fields that a later minor version adds do not change it."""
    return blake2b(
        data.__pydantic_serializer__.to_json(data, exclude_unset=True), digest_size=16
    ).digest()


def _structured(message: Message) -> bytes:
    """A binary-mode message (attributes in `ce-` headers) as structured JSON."""
    attributes = {
        name[3:].lower(): unquote(value)
        for name, value in message.headers.items()
        if name.lower().startswith("ce-")
    }
    return b'%s,"data":%s}' % (orjson.dumps(attributes)[:-1], message.body or b"null")


def _check_identity(subject: str, read: CloudEvent[Any]) -> None:
    expected = wire_type(subject)
    if read.type != expected:
        raise UnknownType(
            f"type 为 {read.type}, 但主题要求 {expected}",
            f"type is {read.type} but the subject asks for {expected}",
            pointer="/type",
        )
    publisher, system = subject.split(".", 2)[:2]
    if _claimed(publisher, read.source) != system:
        raise ForeignSource(
            f"source 为 {read.source}, 但主题属于系统 {system}",
            f"source is {read.source} but the subject belongs to {system}",
            pointer="/source",
        )


@lru_cache(maxsize=1024)
def _claimed(publisher: str, source: str) -> str | None:
    """The system that `source` claims to be."""
    path = source.lstrip("/").split("/")
    if publisher == "dakehu" and path[0] == "dakehu":
        return path[1] if len(path) > 1 else None
    return path[0]


def _explained(error: ValidationError) -> Undecodable:
    first = error.errors(include_url=False, include_context=False)[0]
    pointer = "/" + "/".join(str(part) for part in first["loc"])
    if first["type"] in ("json_invalid", "model_type"):
        return Undecodable(
            "消息不是一个 CloudEvents 1.0 JSON 对象",
            f"the message is not a CloudEvents 1.0 JSON object: {first['msg']}",
        )
    return Undecodable(
        f"字段 {pointer} 有误: {first['msg']}",
        f"field {pointer} is wrong: {first['msg']}",
        pointer=pointer,
    )
