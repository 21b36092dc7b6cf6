"""The mapping file: which column says what. Every column that it names must be in the file.

    kind: revenue
    system: erp                       # who sends it: the NATS user import-erp, enterprise.erp.…
    currency: GBP                     # absent: the site's
    time_zone: Europe/London          # of moments without an offset; absent: the site's
    set_aside:
      - {column: CustomerID, is: empty, reason: 没有客户 / no customer}
    group_by: [InvoiceNo]             # one fact per group of lines
    fields:
      ref: InvoiceNo                  # our field: the file's column
      business_line: {constant: wholesale}
      customer.system: {constant: erp}
      customer.code: {column: CustomerID, strip_suffix: ".0"}
      occurred_on: {column: InvoiceDate, format: "%Y-%m-%d %H:%M:%S", of_group: min}
      amount: {calculate: Quantity * UnitPrice}      # summed exactly, rounded once per group

A kind with several events says `events: {complaint_raised: {fields: …}, …}` instead of `fields`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from shared.errors import Invalid
from shared.importing.calculation import InvalidCalculation, calculation
from shared.validation import in_words, pointer
from shared.yaml_text import YAMLError, read_yaml


class InvalidMapping(Invalid):
    """The mapping file does not have its form, or does not fit the kind or the file."""

    code = "invalid-mapping"
    title_zh = "映射文件无效"
    title_en = "Invalid mapping"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Form):
    """A test on one column of a line."""

    column: str
    state: Literal["empty", "filled"] | None = Field(default=None, alias="is")
    one_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _tests_one_thing(self) -> Self:
        if [self.state, self.one_of, self.none_of].count(None) != 2:
            raise ValueError(
                "条件须为 is、one_of、none_of 之一 / a condition is one of is, one_of, none_of"
            )
        return self

    def holds(self, cell: str) -> bool:
        """Whether the cell of the column passes."""
        if self.state is not None:
            return bool(cell) == (self.state == "filled")
        if self.one_of is not None:
            return cell in self.one_of
        return cell not in (self.none_of or ())


class SetAside(Condition):
    """Lines that are counted under `reason` (Chinese / English) and otherwise left alone."""

    reason: str


class Lookup(_Form):
    """A second file, beside the first one, in which the text is looked up."""

    file: str
    key: str
    gives: str
    values: dict[str, str] = Field(default_factory=dict)
    """What is given and what it is with us; others stay as they are."""


def _known_formula(value: str) -> str:
    try:
        calculation(value)
    except InvalidCalculation as error:
        raise ValueError(f"{error.detail_zh} / {error.detail_en}") from error
    return value


class FieldRule(_Form):
    """Where one of our fields comes from, and how its text is read."""

    column: str | None = None
    constant: Any = None
    template: str | None = None
    """Text with columns in braces: "{Invoice}-{Line}"."""
    calculate: Annotated[str, AfterValidator(_known_formula)] | None = None
    """A sum of products of columns, over all lines of a group; rounded to cents for money."""
    strip_suffix: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    """Texts of the file and what they are with us; others stay as they are."""
    only_values: bool = False
    """Whether a text that `values` does not name is an error."""
    lookup: Lookup | None = None
    if_empty: str | None = None
    format: str | None = None
    """Of a date or a moment, as strptime has it; absent: ISO 8601."""
    split: str | None = None
    """What divides the items of a list; absent: a comma, a semicolon or their Chinese forms."""
    of_group: Literal["same", "first", "min", "max"] = "same"
    """Which line of a group speaks; `same` refuses a group whose lines differ."""

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        origins = [self.column, self.constant, self.template, self.calculate]
        if origins.count(None) != len(origins) - 1:
            raise ValueError(
                "须为 column、constant、template、calculate 之一 / "
                "a field has one of column, constant, template, calculate"
            )
        return self


Rule = Annotated[
    FieldRule, BeforeValidator(lambda value: {"column": value} if isinstance(value, str) else value)
]


class EventRule(_Form):
    """How a line (or a group of lines) becomes one event, or the row of a handler."""

    when: tuple[Condition, ...] = ()
    fields: dict[str, Rule]


class Mapping(_Form):
    """A mapping file, read."""

    kind: str
    system: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,30}$")
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    sheet: str | None = None
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    time_zone: str | None = None
    set_aside: tuple[SetAside, ...] = ()
    group_by: tuple[str, ...] = ()
    first_by: Rule | None = None
    """Which line of a group is `first`: the one with the least date here; absent: of the file."""
    fields: dict[str, Rule] = Field(default_factory=dict)
    events: dict[str, EventRule] = Field(default_factory=dict)
    extra_rows: tuple[dict[str, Any], ...] = ()
    """Rows of our fields that the file lacks and that go before its own."""
    totals_by: str | None = None
    """A field by which the report sums the money, to be compared with the sender's figures."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if bool(self.fields) == bool(self.events):
            raise ValueError("须写 fields 或 events / there are either fields or events")
        if self.time_zone is not None:
            try:
                ZoneInfo(self.time_zone)
            except (KeyError, ValueError):
                raise ValueError(
                    f"未知时区 {self.time_zone} / unknown time zone {self.time_zone}"
                ) from None
        return self


def read_mapping(path: Path) -> Mapping:
    """The mapping in the YAML file at `path`. Raises InvalidMapping."""
    try:
        return Mapping.model_validate(read_yaml(path.read_text(encoding="utf-8-sig")))
    except (YAMLError, UnicodeDecodeError) as error:
        raise InvalidMapping(
            f"{path.name} 不是 UTF-8 的 YAML 文件", f"{path.name} is no YAML in UTF-8: {error}"
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        chinese, english = in_words(first)
        where = pointer(first["loc"])
        raise InvalidMapping(
            f"{path.name} {where}：{chinese}", f"{path.name} {where}: {english}"
        ) from error
