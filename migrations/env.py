"""Alembic's entry: runs migrations on the connection it is given, or on the URL of alembic.ini."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from bot.store.engine import IMMEDIATE, open_engine, parse_url
from bot.store.tables import Base
from bot.store.types import UtcDateTime


def render_plainly(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Migrations name no class of the bot, so that they still run when it has moved on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_migrations(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_plainly,
        compare_server_default=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_from_ini() -> None:
    """For those who write migrations: `alembic -c migrations/alembic.ini revision …`."""
    url = parse_url(context.config.get_main_option("sqlalchemy.url") or "")
    async with (
        open_engine(url, foreign_keys=False) as engine,
        engine.execution_options(**{IMMEDIATE: True}).begin() as connection,
    ):
        await connection.run_sync(run_migrations)


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run_migrations(given)
else:
    asyncio.run(run_from_ini())
