"""The whole configuration, and the paths that follow from it."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from sqlalchemy.engine import make_url

from bot.config.sections import (
    BackupConfig,
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
    Section,
    ServersConfig,
    SubmissionConfig,
)

PROJECT_FOLDER = Path(__file__).resolve().parents[2]


class Config(Section):
    """Everything that can be set. `data_dir` is absolute; `{data}` in the database URL is it."""

    data_dir: Annotated[Path, Field(strict=False)]
    discord: DiscordConfig = Field(default_factory=DiscordConfig)
    database: DatabaseConfig = Field(default_factory=DatabaseConfig)
    generation: GenerationConfig = Field(default_factory=GenerationConfig)
    beats: BeatsConfig = Field(default_factory=BeatsConfig)
    queue: QueueConfig = Field(default_factory=QueueConfig)
    retraining: RetrainingConfig = Field(default_factory=RetrainingConfig)
    submissions: SubmissionConfig = Field(default_factory=SubmissionConfig)
    servers: ServersConfig = Field(default_factory=ServersConfig)
    moderation: ModerationConfig = Field(default_factory=ModerationConfig)
    privacy: PrivacyConfig = Field(default_factory=PrivacyConfig)
    battles: BattleConfig = Field(default_factory=BattleConfig)
    backup: BackupConfig = Field(default_factory=BackupConfig)
    local: LocalConfig = Field(default_factory=LocalConfig)
    monitoring: MonitoringConfig = Field(default_factory=MonitoringConfig)
    logging: LoggingConfig = Field(default_factory=LoggingConfig)

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().resolve()

    @field_validator("database")
    @classmethod
    def _in_data_dir(cls, database: DatabaseConfig, info: ValidationInfo) -> DatabaseConfig:
        folder: Path | None = info.data.get("data_dir")
        if folder is None:
            return database
        url = database.url.replace("{data}", folder.as_posix())
        return database.model_copy(update={"url": url})

    @property
    def database_path(self) -> Path | None:
        """The SQLite file, or None where the database is not one."""
        url = make_url(self.database.url)
        if url.get_backend_name() != "sqlite" or url.database in {None, ":memory:"}:
            return None
        return Path(url.database)

    @property
    def starter_checkpoint(self) -> Path:
        """What a fresh data folder begins with; a relative path counts from Cypher's own folder."""
        return PROJECT_FOLDER / self.generation.checkpoint

    @property
    def checkpoints_dir(self) -> Path:
        return self.data_dir / "checkpoints"

    @property
    def starter_beats(self) -> Path:
        """The same for beats."""
        return PROJECT_FOLDER / self.beats.checkpoint

    @property
    def beat_checkpoints_dir(self) -> Path:
        return self.data_dir / "beats"

    @property
    def logs_dir(self) -> Path:
        return self.data_dir / "logs"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be logged or printed."""
        token = self.discord.token.get_secret_value() if self.discord.token else None
        urls = (self.database.url, self.discord.proxy)
        passwords = [
            make_url(self.database.url).password,
            *(urlsplit(url).password for url in urls),
        ]
        return tuple(dict.fromkeys(str(each) for each in (token, *passwords) if each))
