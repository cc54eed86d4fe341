"""What settings must hold beyond their type: URLs, a cron, a time zone, one bound below another.

A check raises `misfit(predicate)`, where the predicate goes on from the setting's name.
"""

import datetime
import difflib
import importlib.util
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.triggers.cron import CronTrigger
from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DATABASE_DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg", "postgresql+psycopg")


def misfit(predicate: str, other: str | None = None) -> PydanticCustomError:
    """`other` names the setting of the same section that takes part in the contradiction."""
    return PydanticCustomError("misfit", "{predicate}", {"predicate": predicate, "other": other})


def at_most(value: int, info: ValidationInfo, other: str) -> int:
    bound = info.data.get(other)  # absent when it is itself at fault
    if bound is not None and value > bound:
        raise misfit(f"must be at most {other}, which is {bound}, not {value}", other)
    return value


def at_least(value: int, info: ValidationInfo, other: str) -> int:
    bound = info.data.get(other)
    if bound is not None and value < bound:
        raise misfit(f"must be at least {other}, which is {bound}, not {value}", other)
    return value


def has_password(url: str) -> bool:
    try:
        return urlsplit(url).password is not None
    except ValueError:
        return False


def _check_proxy(url: str) -> str:
    if not url:
        return url
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise misfit("must be an address like http://proxy.example:3128, or empty for no proxy")
    return url


def _check_database_url(url: str) -> str:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise misfit("must be a database URL like sqlite+aiosqlite:///{data}/cypher.db") from None
    if parsed.drivername not in DATABASE_DRIVERS:
        drivers = ", ".join(f"{driver}://" for driver in DATABASE_DRIVERS)
        raise misfit(f"must begin with one of {drivers}; not with {parsed.drivername}://")
    package = parsed.drivername.partition("+")[2]
    if not importlib.util.find_spec(package):
        raise misfit(f"needs the package {package}: .venv/bin/pip install {package}")
    if not parsed.database:
        raise misfit("must name a database, like sqlite+aiosqlite:///{data}/cypher.db")
    return url


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        near = difflib.get_close_matches(name, sorted(available_timezones()), 1)
        hint = f"; did you mean {near[0]!r}?" if near else ", like Europe/Berlin or UTC"
        raise misfit(f"must be a time zone that the system knows, not {name!r}{hint}") from None
    return name


def _check_cron(expression: str, info: ValidationInfo) -> str:
    fields = expression.split()
    if len(fields) != 5:
        raise misfit(
            "must have five fields (minute, hour, day, month, weekday)"
            f' like "0 4 * * *", not {len(fields)}'
        )
    if any(character.isdigit() for character in fields[4].split("/")[0]):
        raise misfit(
            "must name weekdays (mon, tue, … or mon-fri),"
            " because their numbers mean different days in different programs"
        )
    zone = ZoneInfo(info.data.get("timezone", "UTC"))
    try:
        trigger = CronTrigger.from_crontab(expression, timezone=zone)
    except (ValueError, LookupError, TypeError) as error:
        raise misfit(f'must be a cron like "0 4 * * *": {error}') from None
    if trigger.get_next_fire_time(None, datetime.datetime.now(zone)) is None:
        raise misfit(f"must name a time that comes; {expression!r} never does")
    return expression


def _check_optional_cron(expression: str, info: ValidationInfo) -> str:
    return _check_cron(expression, info) if expression else expression


proxy = AfterValidator(_check_proxy)
database_url = AfterValidator(_check_database_url)
timezone = AfterValidator(_check_timezone)
cron = AfterValidator(_check_cron)
optional_cron = AfterValidator(_check_optional_cron)
