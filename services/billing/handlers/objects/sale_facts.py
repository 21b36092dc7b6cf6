"""What billing tells of the sale of an object."""

from __future__ import annotations

from services.billing.domain.objects.agreements import Agreement, State
from shared.contracts.billing import SaleCancelled, SaleContractSigned, SaleRegistered
from shared.contracts.envelope import Entity, MoneyAmount, Published
from shared.work import Work


def sale_contract_signed(agreement: Agreement, currency: str) -> SaleContractSigned:
    """What is told of a signed agreement: its first version, whatever came after."""
    return SaleContractSigned.model_validate(_said(agreement, currency, 1))


def sale_settled(agreement: Agreement, currency: str) -> SaleRegistered | SaleCancelled:
    """What is told of an agreement that is registered, or cancelled before that (B-09)."""
    said = _said(agreement, currency, agreement.version)
    if agreement.state is State.REGISTERED:
        return SaleRegistered.model_validate(
            {
                **said,
                "registered_on": agreement.settled_on,
                "registration_number": agreement.registration_number,
                "registered_by": agreement.settled_by,
            }
        )
    return SaleCancelled.model_validate(
        {**said, "cancelled_on": agreement.settled_on, "cancelled_by": agreement.settled_by}
    )


def tell_all(work: Work, agreement: Agreement) -> None:
    """Tell again whatever was told of an agreement, at unchanged versions."""
    told: list[Published] = [sale_contract_signed(agreement, work.currency)]
    if agreement.state is not State.SIGNED:
        told.append(sale_settled(agreement, work.currency))
    for fact in told:
        work.publish(fact)


def _said(agreement: Agreement, currency: str, version: int) -> dict[str, object]:
    return {
        "entity": Entity(type="agreement", id=str(agreement.agreement_id), version=version),
        "customer_key": agreement.customer_key,
        "agreement_id": agreement.agreement_id,
        "object_code": agreement.object_code,
        "price": MoneyAmount(amount=agreement.price, currency=currency),
        "signed_on": agreement.signed_on,
        "signed_at_unit": agreement.signed_at_unit,
        "signed_by_agent": agreement.authority is not None,
    }
