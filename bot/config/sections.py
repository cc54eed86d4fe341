"""The sections of config.toml. What each setting means stands in config.toml itself."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from bot.config import checks

Snowflake = Annotated[int, Field(ge=1, lt=2**64)]


class Section(BaseModel):
    """Frozen and strict. `ENVIRONMENT` names the settings that only the environment may give."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, allow_inf_nan=False
    )
    ENVIRONMENT: ClassVar[dict[str, str]] = {}


class DiscordConfig(Section):
    ENVIRONMENT: ClassVar[dict[str, str]] = {"token": "DISCORD_TOKEN"}

    token: SecretStr | None = None
    proxy: Annotated[str, checks.proxy] = Field("", repr=False)
    guild_ids: Annotated[tuple[Snowflake, ...], Field(strict=False)] = ()
    connection_limit: int = Field(32, ge=1, le=1000)
    shards: int = Field(1, ge=0, le=1000)


class DatabaseConfig(Section):
    url: Annotated[str, checks.database_url] = Field(
        "sqlite+aiosqlite:///{data}/cypher.db", repr=False
    )


class GenerationConfig(Section):
    checkpoint: str = Field("checkpoints/starter", min_length=1)
    device: str = Field("auto", pattern=r"^(auto|cpu|cuda(:\d{1,2})?)$")
    precision: Literal["auto", "int8", "fp32"] = "auto"
    num_slots: int = Field(64, ge=1, le=1024)
    candidates: int = Field(8, ge=1, le=64)
    threads: int = Field(0, ge=0, le=256)
    max_lines: int = Field(32, ge=2, le=64)
    default_lines: int = Field(8, ge=2, le=64)
    temperature: float = Field(0.8, ge=0, le=2)
    top_k: int = Field(0, ge=0, le=100_000)
    top_p: float = Field(0.9, gt=0, le=1)
    repetition_penalty: float = Field(1.2, ge=1, le=2)

    @field_validator("default_lines")
    @classmethod
    def _fits(cls, lines: int, info: ValidationInfo) -> int:
        return checks.at_most(lines, info, "max_lines")


class BeatsConfig(Section):
    enabled: bool = True
    checkpoint: str = Field("checkpoints/beats", min_length=1)
    num_slots: int = Field(8, ge=1, le=64)
    share: float = Field(0.25, gt=0, lt=1)
    max_bars: int = Field(32, ge=1, le=32)
    default_bars: int = Field(8, ge=1, le=32)
    default_style: str = ""
    temperature: float = Field(1.0, gt=0, le=2)
    audio: bool = True

    @field_validator("default_bars")
    @classmethod
    def _fits(cls, bars: int, info: ValidationInfo) -> int:
        return checks.at_most(bars, info, "max_bars")


class QueueConfig(Section):
    max_waiting: int = Field(256, ge=1, le=100_000)
    max_waiting_per_user: int = Field(3, ge=1, le=100_000)
    # Discord lets a reply be edited for 15 minutes; a verse must come well before that.
    deadline_s: float = Field(60.0, ge=1, le=840)

    @field_validator("max_waiting_per_user")
    @classmethod
    def _fits(cls, limit: int, info: ValidationInfo) -> int:
        return checks.at_most(limit, info, "max_waiting")


class RetrainingConfig(Section):
    enabled: bool = True
    guild_ids: Annotated[tuple[Snowflake, ...], Field(strict=False)] = ()
    timezone: Annotated[str, checks.timezone] = "UTC"
    cron: Annotated[str, checks.cron] = "0 4 * * *"
    min_new_lyrics: int = Field(5, ge=1, le=100_000)
    max_minutes: float = Field(30.0, gt=0, le=1440)
    threads: int = Field(1, ge=1, le=256)
    epochs: int = Field(4, ge=1, le=1000)
    learning_rate: float = Field(0.0003, gt=0, le=1)
    replay_share: float = Field(0.5, ge=0, le=0.95)
    max_loss_on_others: float = Field(0.01, ge=0, le=10)
    keep_versions: int = Field(10, ge=1, le=10_000)
    shadow_share: float = Field(0.0, ge=0, le=0.9)
    shadow_min_votes: int = Field(20, ge=1, le=100_000)
    shadow_max_hours: float = Field(72.0, gt=0, le=8760)
    max_share_per_submitter: float = Field(0.25, gt=0, le=1)
    max_lyrics_per_submitter: int = Field(40, ge=1, le=100_000)
    votes_share: float = Field(0.85, ge=0, le=0.95)
    min_votes: int = Field(200, ge=10, le=100_000)


class SubmissionConfig(Section):
    enabled: bool = True
    min_characters: int = Field(80, ge=40, le=20_000)
    max_characters: int = Field(20_000, ge=40, le=20_000)
    min_bars: int = Field(4, ge=1, le=64)
    max_bars: int = Field(256, ge=1, le=1024)
    max_file_bytes: int = Field(262_144, ge=1024, le=8_388_608)
    max_pending_per_user: int = Field(20, ge=1, le=10_000)
    max_per_user_and_day: int = Field(20, ge=1, le=10_000)
    max_per_user_and_week: int = Field(60, ge=1, le=100_000)
    max_pending_per_server: int = Field(500, ge=1, le=100_000)
    max_per_server_and_week: int = Field(1000, ge=1, le=1_000_000)
    min_account_age_days: int = Field(7, ge=0, le=3650)
    max_similarity: float = Field(0.6, gt=0, le=1)

    @field_validator("max_characters")
    @classmethod
    def _fits(cls, characters: int, info: ValidationInfo) -> int:
        return checks.at_least(characters, info, "min_characters")

    @field_validator("max_bars")
    @classmethod
    def _holds_bars(cls, bars: int, info: ValidationInfo) -> int:
        return checks.at_least(bars, info, "min_bars")

    @field_validator("max_per_user_and_week")
    @classmethod
    def _holds_a_day(cls, limit: int, info: ValidationInfo) -> int:
        return checks.at_least(limit, info, "max_per_user_and_day")


class ServersConfig(Section):
    share_lyrics: bool = False


class ModerationConfig(Section):
    max_seed_characters: int = Field(120, ge=1, le=500)
    max_reports_per_day: int = Field(10, ge=1, le=100)


class PrivacyConfig(Section):
    keep_verses_days: int = Field(0, ge=0, le=36_500)
    keep_requester_days: int = Field(365, ge=0, le=36_500)
    keep_refused_days: int = Field(90, ge=0, le=36_500)
    keep_reports_days: int = Field(365, ge=0, le=36_500)


class BattleConfig(Section):
    minutes: int = Field(5, ge=1, le=60)


class BackupConfig(Section):
    timezone: Annotated[str, checks.timezone] = "UTC"
    cron: Annotated[str, checks.optional_cron] = ""
    keep: int = Field(7, ge=1, le=1000)


class LocalConfig(Section):
    host: Literal["127.0.0.1", "localhost"] = "127.0.0.1"
    port: int = Field(8765, ge=0, le=65_535)


class MonitoringConfig(Section):
    enabled: bool = False
    host: Literal["127.0.0.1", "localhost"] = "127.0.0.1"
    port: int = Field(9108, ge=0, le=65_535)


class LoggingConfig(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool = False
