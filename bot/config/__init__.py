"""The configuration: config.toml, and secrets from the environment, as one frozen Config."""

from bot.config.config import Config
from bot.config.load import load_config
from bot.config.sections import (
    BattleConfig,
    BeatsConfig,
    DatabaseConfig,
    DiscordConfig,
    GenerationConfig,
    LocalConfig,
    LoggingConfig,
    ModerationConfig,
    MonitoringConfig,
    PrivacyConfig,
    QueueConfig,
    RetrainingConfig,
    SubmissionConfig,
)

__all__ = [
    "BattleConfig",
    "BeatsConfig",
    "Config",
    "DatabaseConfig",
    "DiscordConfig",
    "GenerationConfig",
    "LocalConfig",
    "LoggingConfig",
    "ModerationConfig",
    "MonitoringConfig",
    "PrivacyConfig",
    "QueueConfig",
    "RetrainingConfig",
    "SubmissionConfig",
    "load_config",
]
