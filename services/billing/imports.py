"""What can be read from files: facts that another system would have sent."""

from __future__ import annotations

from shared.contracts.enterprise import (
    ChargeRaised,
    ControlTotalStated,
    OpeningBalanceStated,
    PaymentReceived,
    RevenueRecorded,
)
from shared.importing import events, kinds

IMPORTS = kinds(
    events("revenue", RevenueRecorded),
    events("charges", ChargeRaised),
    events("payments", PaymentReceived),
    events("opening-balances", OpeningBalanceStated),
    events("control-totals", ControlTotalStated),
)
