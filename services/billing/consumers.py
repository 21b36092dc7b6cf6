"""What billing listens to, and who takes it. Inside a batch it is worked through from the top."""

from __future__ import annotations

from shared.directory import DIRECTORY
from shared.messaging.consumers import Consumers

CONSUMERS = Consumers(*DIRECTORY)
