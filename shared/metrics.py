"""Every metric of the suite, defined once. Labels never hold a customer, a person or a ref."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

OUTBOX_AGE = Gauge(
    "dakehu_outbox_age_seconds", "Age of the oldest fact that the relay has not sent", ["service"]
)
OUTBOX_ROWS = Gauge("dakehu_outbox_rows", "Facts that the relay has not sent", ["service"])
OUTBOX_PARKED = Gauge(
    "dakehu_outbox_parked_rows", "Facts that the broker refused for good", ["service"]
)
FACTS_SENT = Counter("dakehu_facts_sent_total", "Facts that the broker confirmed", ["service"])
RELAY_SECONDS = Histogram(
    "dakehu_relay_seconds", "Time to send one batch of the outbox", ["service"], buckets=_SECONDS
)

CONSUMER_LAG = Gauge(
    "dakehu_consumer_lag", "Messages not yet delivered to a durable", ["service", "durable"]
)
CONSUMER_UNACKNOWLEDGED = Gauge(
    "dakehu_consumer_unacknowledged", "Messages delivered and not acked", ["service", "durable"]
)
FACTS_RECEIVED = Counter(
    "dakehu_facts_received_total",
    "Facts by event: read (outcome received, duplicates among them), and refused (outcome: the"
    " code of the refusal; event unread where nobody can tell)",
    ["service", "event", "outcome"],
)
BATCH_SECONDS = Histogram(
    "dakehu_batch_seconds", "Time from fetch to ack of one batch", ["service"], buckets=_SECONDS
)
BATCH_RETRIES = Counter(
    "dakehu_batch_retries_total",
    "Batches rolled back and tried again, by kind",
    ["service", "kind"],
)
DEAD_LETTERS = Gauge("dakehu_dead_letters", "Dead letters that nobody has resolved", ["service"])
WAITING = Gauge("dakehu_waiting_facts", "Facts waiting for what they name", ["service", "on"])

SWEEP_LAG = Gauge(
    "dakehu_sweep_lag_days",
    "Business dates that a sweep has still to perform",
    ["service", "sweep"],
)
SWEEP_DUE = Counter("dakehu_sweep_due_total", "Things that a sweep found due", ["service", "sweep"])
SWEEP_SECONDS = Histogram(
    "dakehu_sweep_seconds",
    "Time to perform one business date of a sweep",
    ["service", "sweep"],
    buckets=_SECONDS,
)
SWEEP_FAILURES = Counter(
    "dakehu_sweep_failures_total",
    "Business dates of a sweep that failed and will be tried again",
    ["service", "sweep"],
)

REQUESTS = Counter(
    "dakehu_requests_total",
    "HTTP requests, by route template and status",
    ["service", "method", "route", "status"],
)
REQUEST_SECONDS = Histogram(
    "dakehu_request_seconds",
    "Time to answer a request",
    ["service", "method", "route"],
    buckets=_SECONDS,
)
