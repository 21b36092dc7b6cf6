"""Which content each section of an archive holds."""

from __future__ import annotations

from collections.abc import Mapping

from .parts.basic import BasicPart
from .parts.competitors import CompetitorsPart
from .parts.extended import ExtendedPart
from .parts.fields import Section
from .parts.key_people import KeyPeoplePart
from .parts.records import AnnualReport, Dealing

Content = BasicPart | ExtendedPart | KeyPeoplePart | CompetitorsPart | AnnualReport | Dealing

KINDS: Mapping[Section, type] = {
    Section.BASIC: BasicPart,
    Section.EXTENDED: ExtendedPart,
    Section.KEY_PEOPLE: KeyPeoplePart,
    Section.COMPETITORS: CompetitorsPart,
    Section.ANNUAL: AnnualReport,
    Section.JOURNAL: Dealing,
}
