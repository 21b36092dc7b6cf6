"""Cases of money that went where it must not go (B-36); who reads them is noted."""

from __future__ import annotations

from shared.contracts.enterprise import PaymentReceived
from shared.identifiers import derived_id, new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def raise_case(work: Work, fact: Fact[PaymentReceived], kind: str) -> None:
    """Keep a refused payment as a case, once for each number of its sender and account."""
    await work.run(
        "INSERT INTO compliance_cases (case_id, kind, system, ref, account, amount, received_on,"
        " collected_by, raised_at) VALUES (:case_id, :kind, :system, :ref, :account, :amount,"
        " :received_on, :collected_by, :raised_at) ON CONFLICT DO NOTHING",
        {
            "case_id": derived_id("case", fact.system, fact.data.ref, fact.data.company_account),
            "kind": kind,
            "system": fact.system,
            "ref": fact.data.ref,
            "account": fact.data.company_account,
            "amount": fact.data.amount.amount,
            "received_on": fact.data.received_on,
            "collected_by": fact.data.collected_by,
            "raised_at": work.now,
        },
    )


async def note_reading(work: Work) -> None:
    """Note that the caller read the cases: they name accounts of persons."""
    assert work.caller is not None, "a route has a caller"
    await work.run(
        "INSERT INTO kit.sealed_reads (id, what, which, staff_code, read_at)"
        " VALUES (:id, 'compliance-cases', 'all', :staff_code, :now)",
        {"id": new_id(), "staff_code": work.caller.staff_code, "now": work.now},
    )
