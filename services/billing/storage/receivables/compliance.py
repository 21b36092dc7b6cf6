"""Cases of money that went where it must not go (B-36)."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.enterprise import PaymentReceived
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def raise_case(
    work: Work, fact: Fact[PaymentReceived], customer_key: UUID | None, kind: str
) -> None:
    """Keep a refused payment as a case, once for each number of its sender and account."""
    await work.run(
        "INSERT INTO compliance_cases (case_id, customer_key, kind, system, ref, account, amount,"
        " received_on, collected_by, raised_at) VALUES (:case_id, :customer_key, :kind, :system,"
        " :ref, :account, :amount, :received_on, :collected_by, :raised_at) ON CONFLICT DO NOTHING",
        {
            "case_id": derived_id("case", fact.system, fact.data.ref, fact.data.company_account),
            "customer_key": customer_key,
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
