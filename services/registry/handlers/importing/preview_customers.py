"""What would become of an opening register: asked before a file of customers is sent (X-11).

The openings run through the very rules that will take them, in a transaction that is undone; beside
that stands what the file itself says twice, and who in the register is perhaps the same (R-81).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from services.registry.domain.identity.likeness import DuplicateDetection, Reason
from services.registry.domain.register.observations import exists_already
from services.registry.domain.register.quality import WORDS, Flag
from services.registry.handlers.register import open_customers, opening_batch
from services.registry.storage.identity import likeness
from services.registry.storage.identity.likeness import Alike, Described
from services.registry.storage.identity.spelling import compared
from services.registry.storage.register.divisions import credit_code
from shared.contracts.enterprise import CustomerObserved, CustomerOpened
from shared.errors import Refusal
from shared.importing.previews import Opinion, Remark, Said
from shared.importing.problems import Reason as Objection
from shared.importing.problems import from_refusal
from shared.importing.seen import Seen
from shared.messaging.cloudevents import Fact
from shared.policy import in_force
from shared.work import Work

_BY = {
    Reason.CREDIT_CODE: ("信用代码", "credit code"),
    Reason.NAME: ("名称", "name"),
    Reason.NAME_WITHOUT_FORM: ("名称", "name"),
    Reason.NAME_WITHOUT_BRACKETS: ("名称", "name"),
    Reason.NEAR_NAME: ("相近名称", "nearly the same name"),
    Reason.PHONE: ("电话", "telephone"),
    Reason.ADDRESS: ("地址", "address"),
}


class PreviewCustomers:
    """The look of one import; remembers the credit codes, names and codes of the file."""

    def __init__(self) -> None:
        self._credit_codes = Seen()
        self._names = Seen()
        self._codes = Seen()

    async def __call__(self, work: Work, said: Sequence[Said]) -> list[Opinion]:
        """A reason or the remarks for each; nothing that it does is kept."""
        opinions: list[list[Remark] | Objection] = [self._in_file(each) for each in said]
        await _in_register(work, said, opinions)
        opened = [
            at
            for at, each in enumerate(said)
            if isinstance(each.fact.data, CustomerOpened) and isinstance(opinions[at], list)
        ]
        await self._by_the_rules(work, said, opened, opinions)
        return opinions

    def _in_file(self, said: Said) -> list[Remark] | Objection:
        """What earlier lines of the file say of the same customer."""
        seen = cast("CustomerOpened | CustomerObserved", said.fact.data)
        self._codes.first(seen.code, said.line)
        remarks = []
        earlier = self._names.first(compared(seen.name).core, said.line)
        if earlier is not None:
            remarks.append(
                Remark(
                    "duplicate-in-file",
                    f"与第 {earlier[0]} 行同名",
                    f"the same name as on line {earlier[0]}",
                )
            )
        code = credit_code(seen.unified_credit_code)
        is_branch = isinstance(seen, CustomerOpened) and seen.head_office_code is not None
        if code is None or is_branch:
            return remarks
        earlier = self._credit_codes.first(code, said.line)
        if earlier is None:
            return remarks
        return Objection(
            f"统一社会信用代码与第 {earlier[0]} 行相同",
            f"the credit code stands on line {earlier[0]} already",
        )

    async def _by_the_rules(
        self,
        work: Work,
        said: Sequence[Said],
        opened: Sequence[int],
        opinions: list[list[Remark] | Objection],
    ) -> None:
        """Let the openings run through their rules; write what they say into `opinions`."""
        facts = {id(said[at].fact): at for at in opened}
        asked = [cast("Fact[CustomerOpened]", said[at].fact) for at in opened]
        ready = await open_customers.ready(work, asked)
        heads = await open_customers.head_offices(work, [f for f in ready if _is_branch(f)])
        able = [f for f in ready if not _is_branch(f) or open_customers.head_of(f) in heads]
        ready_ids, able_ids = {id(fact) for fact in ready}, {id(fact) for fact in able}
        for fact in asked:
            if id(fact) not in able_ids and not self._head_is_in_file(fact):
                _remark(opinions, facts[id(fact)], _waits(fact, is_ready=id(fact) in ready_ids))
        if not able:
            return
        batch = await opening_batch.load(work, able, heads, holds=False)
        for fact in able:
            try:
                _, flags = batch.open(fact)
            except Refusal as refusal:
                opinions[facts[id(fact)]] = from_refusal(refusal)
                continue
            for flag in flags:
                _remark(opinions, facts[id(fact)], _flagged(flag))

    def _head_is_in_file(self, fact: Fact[CustomerOpened]) -> bool:
        code = fact.data.head_office_code
        return code is not None and code in self._codes


async def _in_register(
    work: Work, said: Sequence[Said], opinions: list[list[Remark] | Objection]
) -> None:
    """Who in the register is the same: told blindly, with the centre to ask (R-81).

    By code, telephone, address and name in its strengths.
    """
    policy = (await in_force(work, DuplicateDetection, work.today)).body.without_slips()
    asked = [_described(each) for each in said]
    found = await likeness.alike(work, asked, policy)
    for at, alike in enumerate(found):
        for each in alike[: policy.shown_at_most]:
            if Reason.CREDIT_CODE in each.likeness.reasons and _registers(said[at]):
                opinions[at] = from_refusal(exists_already(each.customer_key, each.centre))
                break
            _remark(opinions, at, _known(each))


def _described(said: Said) -> Described:
    seen = cast("CustomerOpened | CustomerObserved", said.fact.data)
    phones = (seen.phone,) if seen.phone else ()
    addresses = (seen.address,) if seen.address else ()
    return Described(seen.name, seen.unified_credit_code, phones, addresses)


def _registers(said: Said) -> bool:
    """Whether it would be a customer of its own; a branch may share its head office's code."""
    seen = said.fact.data
    return isinstance(seen, CustomerOpened) and seen.head_office_code is None


def _is_branch(fact: Fact[CustomerOpened]) -> bool:
    return fact.data.head_office_code is not None


def _remark(opinions: list[list[Remark] | Objection], at: int, remark: Remark) -> None:
    held = opinions[at]
    if isinstance(held, list):
        held.append(remark)


def _known(alike: Alike) -> Remark:
    words = [_BY[reason] for reason in alike.likeness.reasons]
    zh = "、".join(dict.fromkeys(each for each, _ in words))
    en = ", ".join(dict.fromkeys(each for _, each in words))
    return Remark(
        "duplicate-in-register",
        f"疑与在册客户相同（{zh}），请向 {alike.centre} 大客户中心查询",
        f"perhaps in the register already (by {en}); ask the centre {alike.centre}",
    )


def _flagged(flag: Flag) -> Remark:
    zh, en = WORDS[flag.finding]
    return Remark(flag.finding.value, f"{zh}：{flag.said}", f"{en}: {flag.said}")


def _waits(fact: Fact[CustomerOpened], *, is_ready: bool) -> Remark:
    said = fact.data
    if is_ready:
        return Remark(
            "waits",
            f"等待总部 {said.head_office_code} 登记",
            f"waits for its head office {said.head_office_code}",
        )
    people = "、".join(each.staff_code for each in said.managers)
    return Remark(
        "waits",
        f"等待机构 {said.owner_unit} 或客户经理 {people} 登记",
        f"waits until the unit {said.owner_unit} or its managers {people} are known",
    )
