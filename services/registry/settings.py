"""What a registry process is told by its environment."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import Settings as SharedSettings


class Settings(SharedSettings):
    """Registry's own variables begin with REGISTRY_; the site's have no service in their name."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    mark_keys: SecretStr
    """Keys of the marks by which phones and people are found, comma-separated, newest first."""
