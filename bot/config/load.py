"""Reads config.toml and the environment into a Config, or raises every fault at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.config import Config
from bot.config.document import Document, read_document
from bot.config.environment import VARIABLES, Environment, read_environment
from bot.config.lines import Keys
from bot.config.problems import Problem, Reporter, name
from bot.config.secret import secret_keys
from bot.config.sections import Section
from bot.errors import ConfigError

_SECTIONS: dict[str, type[Section]] = {
    title: field.annotation
    for title, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}


def load_config(path: Path | None, data_dir: Path, environ: Mapping[str, str]) -> Config:
    """`path` None means all defaults. Raises ConfigError with all problems, in the file's order."""
    document = read_document(path)
    environment = read_environment(environ)
    problems = [*document.problems, *environment.problems, *_refused_secrets(document)]
    tables = {**_merged(document.tables, environment.values), "data_dir": data_dir}
    if "data_dir" in document.tables:
        line = document.lines.get(("data_dir",))
        problems.append(Problem(document.source, line, "data_dir is unknown; give it as --data"))
    try:
        config = Config.model_validate(tables)
    except ValidationError as error:
        raise _config_error(problems + _invalid(error, document, environment)) from None
    problems += _unusable_folder(config)
    if problems:
        raise _config_error(problems)
    return config


def _config_error(problems: list[Problem]) -> ConfigError:
    ordered = sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))
    return ConfigError(tuple(dict.fromkeys(str(problem) for problem in ordered)))


def _refused_secrets(document: Document) -> list[Problem]:
    """Takes secrets out of the document's tables: whatever they hold is not looked at."""
    problems = []
    for keys in secret_keys(document.tables):
        holder: Any = document.tables
        for key in keys[:-1]:
            holder = holder[key]
        del holder[keys[-1]]
        variable = VARIABLES.get(keys, "DISCORD_TOKEN")
        text = (
            f"{name(keys)} holds a secret, which does not belong in a file that gets shared;"
            f" take it out and set {variable} in the environment"
        )
        problems.append(Problem(document.source, document.line_of(keys), text))
    return problems


def _merged(tables: Mapping[str, Any], values: Mapping[Keys, Any]) -> dict[str, Any]:
    merged = dict(tables)
    for (title, key), value in values.items():
        section = merged.get(title, {})
        if isinstance(section, dict):
            merged[title] = {**section, key: value}
    return merged


def _invalid(error: ValidationError, document: Document, environment: Environment) -> list[Problem]:
    reporter = Reporter(document.source, document.lines, _SECTIONS, environment.names)
    return [reporter.problem(each) for each in error.errors(include_url=False)]


def _unusable_folder(config: Config) -> list[Problem]:
    folder = config.data_dir
    problems = []
    if folder.exists() and not folder.is_dir():
        text = f"{folder} is a file; name a folder, which is made where there is none"
        problems.append(Problem("--data", None, text))
    if config.database_path is not None and "?" in str(folder):
        text = f"{folder} has a question mark in it, which database URLs cannot hold; rename it"
        problems.append(Problem("--data", None, text))
    return problems
