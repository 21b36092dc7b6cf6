"""What a process is told by its environment."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from shared.crypto import new_key
from shared.settings import Settings


class BillingSettings(Settings):
    model_config = SettingsConfigDict(env_prefix="BILLING_")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("BILLING_DATABASE_URL", "postgresql://billing@db/billing")
    monkeypatch.setenv("NATS_URL", "nats://bus:4222")
    monkeypatch.setenv("BILLING_NATS_PASSWORD", "p")
    monkeypatch.setenv("BILLING_DATA_KEYS", new_key())
    return monkeypatch


def test_a_service_reads_its_own_prefix_and_what_the_site_shares(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("SITE_CURRENCY", "GBP")
    settings = BillingSettings()
    assert settings.sqlalchemy_url == "postgresql+psycopg://billing@db/billing"
    assert settings.nats_url == "nats://bus:4222"
    assert settings.currency == "GBP"


@pytest.mark.parametrize("name", ["BILLING_DATABASE_URL", "BILLING_NATS_PASSWORD"])
def test_what_is_secret_or_local_has_no_default(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(ValidationError):
        BillingSettings()


def test_secrets_do_not_show(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BILLING_NATS_PASSWORD", "hush")
    assert "hush" not in repr(BillingSettings())


def test_another_database_than_postgresql_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BILLING_DATABASE_URL", "sqlite:///x")
    with pytest.raises(ValueError, match="PostgreSQL"):
        _ = BillingSettings().sqlalchemy_url


def test_an_unknown_time_zone_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SITE_TIME_ZONE", "Mars/Olympus")
    with pytest.raises((ValidationError, KeyError)):
        BillingSettings()
