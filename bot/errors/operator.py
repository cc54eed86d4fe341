"""What only the operator can mend."""

from bot.errors.base import CypherError


class OperatorError(CypherError):
    """Something only the operator can mend: `message` says what is wrong, `remedy` what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".rstrip())
        self.message = message
        self.remedy = remedy


class ConfigError(OperatorError):
    """Each problem is one line: where it is, what is wrong with it and what would be right."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(
            "The configuration has problems:\n" + "\n".join(f"- {each}" for each in problems),
            "\nCorrect them in config.toml or the environment, and start again.",
        )
        self.problems = problems


class DatabaseError(OperatorError):
    pass


class CheckpointError(OperatorError):
    pass


class TrainingError(OperatorError):
    pass


class DataFolderError(OperatorError):
    pass


class BackupError(OperatorError):
    pass


class DiscordError(OperatorError):
    pass
