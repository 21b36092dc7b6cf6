"""What engagement is told by its environment."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared import settings


class Settings(settings.Settings):
    """Engagement reads `ENGAGEMENT_…` for what is its own."""

    model_config = SettingsConfigDict(env_prefix="ENGAGEMENT_")
