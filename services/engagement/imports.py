"""What can be imported from a file; a row becomes what another system would have sent."""

from __future__ import annotations

from shared.contracts.enterprise import ComplaintClosed, ComplaintRaised, VisitReported
from shared.importing import events, kinds

IMPORTS = kinds(
    events("complaints", ComplaintRaised, ComplaintClosed),
    events("visits", VisitReported),
)
