"""What a process is told by its environment; frozen once read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings that every service has. A subclass names its own environment prefix.

    `BILLING_DATABASE_URL` is read by billing alone; what the whole site shares (`NATS_URL`,
    `SITE_TIME_ZONE` …) has no service in its name. A secret has no default.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    database_url: str
    nats_url: str = Field(validation_alias=AliasChoices("NATS_URL", "nats_url"))
    nats_password: SecretStr
    data_keys: SecretStr
    """Fernet keys that seal personal data at rest, comma-separated, the newest first."""
    mark_keys: SecretStr | None = None
    """Keys of the marks by which sealed values are found; a service that needs them asks."""

    environment: Literal["production", "development"] = Field(
        default="production", validation_alias=AliasChoices("SITE_ENVIRONMENT", "environment")
    )
    time_zone: str = Field(
        default="Asia/Shanghai", validation_alias=AliasChoices("SITE_TIME_ZONE", "time_zone")
    )
    currency: str = Field(
        default="CNY",
        pattern=r"^[A-Z]{3}$",
        validation_alias=AliasChoices("SITE_CURRENCY", "currency"),
    )
    sweeps: Literal["auto", "manual"] = Field(
        default="auto", validation_alias=AliasChoices("SWEEPS", "sweeps")
    )

    jwt_issuer: str = Field(
        default="", validation_alias=AliasChoices("SITE_JWT_ISSUER", "jwt_issuer")
    )
    jwt_audience: str = Field(
        default="dakehu", validation_alias=AliasChoices("SITE_JWT_AUDIENCE", "jwt_audience")
    )
    jwks_url: str = Field(default="", validation_alias=AliasChoices("SITE_JWKS_URL", "jwks_url"))
    """Where the public keys of the token issuer are: https://… or file://…"""

    http_host: str = "127.0.0.1"
    http_port: int = 8000
    metrics_port: int = 0
    """Where a worker serves /metrics and /health; 0 picks a free port."""

    database_pool: int = Field(default=8, ge=2)
    lanes: int = Field(default=2, ge=1, le=8)
    batch: int = Field(default=1000, ge=1, le=2000)
    ack_wait_seconds: int = Field(default=30, ge=5)

    log_level: str = Field(default="INFO", validation_alias=AliasChoices("LOG_LEVEL", "log_level"))
    run_directory: Path | None = None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone, for business dates."""
        return ZoneInfo(self.time_zone)

    @property
    def sqlalchemy_url(self) -> str:
        """`database_url` with the psycopg driver that SQLAlchemy is to use."""
        scheme, separator, rest = self.database_url.partition("://")
        if scheme.partition("+")[0] not in ("postgres", "postgresql"):
            raise ValueError("only PostgreSQL is supported: postgresql://…")
        return f"postgresql+psycopg{separator}{rest}"
