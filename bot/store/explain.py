"""Turns what a database driver says into a sentence and a remedy for the operator."""

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import DatabaseError

UPGRADE = "Run `python -m bot db upgrade`, then start again."

# By SQLite's own result codes (sqlite.org/rescode.html); extended codes begin with these names.
_SQLITE = {
    "SQLITE_BUSY": (
        "The database {name} is locked by another program.",
        "Stop the other bot, or the tool that has the file open, and try again.",
    ),
    "SQLITE_LOCKED": (
        "The database {name} is locked by another connection.",
        "Stop the other bot, or the tool that has the file open, and try again.",
    ),
    "SQLITE_READONLY": (
        "The database {name} is read-only.",
        "Give the user that runs the bot write permission for the file and its folder.",
    ),
    "SQLITE_NOTADB": (
        "The file {name} is not a SQLite database.",
        "Point database.url at Cypher's database, or move this file away and run"
        " `python -m bot db upgrade` for an empty one.",
    ),
    "SQLITE_CORRUPT": (
        "The database {name} is damaged.",
        "Keep the file, restore the last backup in its place, and start again.",
    ),
    "SQLITE_CANTOPEN": (
        "The database {name} cannot be opened.",
        "Check that its folder exists and that the user that runs the bot may write there.",
    ),
    "SQLITE_FULL": (
        "The disk that holds the database {name} is full.",
        "Free some space and try again; nothing that was confirmed is lost.",
    ),
    "SQLITE_IOERR": (
        "The disk failed while the database {name} was in use.",
        "Check the disk and its free space, then start again.",
    ),
}


def database_name(url: URL) -> str:
    """What to call the database in a message: its file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.render_as_string(hide_password=True)


def explain(error: SQLAlchemyError | OSError, url: URL) -> DatabaseError:
    name = database_name(url)
    code = _sqlite_code(error)
    for prefix, (message, remedy) in _SQLITE.items():
        if code.startswith(prefix):
            return DatabaseError(message.format(name=name), remedy)
    cause = error.orig if isinstance(error, DBAPIError) else error
    return DatabaseError(
        f"The database {name} cannot be used: {cause}.",
        "Check database.url and that the database answers, then try again.",
    )


def _sqlite_code(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlite_errorname", ""))
