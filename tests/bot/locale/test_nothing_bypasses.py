"""No text goes to Discord that is not looked up: found by reading the code, as far as that goes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import errors
from bot.commands.texts import texts_of_commands
from bot.commands.translator import CONTEXTS

BOT = Path(__file__).parents[3] / "bot"
SHOWN = sorted(path for name in ("views", "commands") for path in (BOT / name).rglob("*.py"))

MARKS = {"_", "N_", "ngettext", "pgettext"}
# Their texts are read off the commands, or are for the log, or are no texts.
NOT_SHOWN = {
    *("command", "describe", "Choice", "Group", "ContextMenu"),
    *("debug", "info", "warning", "error", "exception", "create_task", "cast", "TypeVar"),
}
# What Discord shows as it is given.
SHOWN_AS = {"content", "description", "label", "title", "name", "placeholder", "text", "value"}

SENTENCE = re.compile(r"[A-Za-z]{2,}[,.:;!?]? [A-Za-z]")
WORD = re.compile(r"[A-Za-z]{2}")
# A name is the same in every language.
ALLOWED = {"Cypher", *CONTEXTS.values()}


def unmarked(node: ast.AST, *, is_shown: bool = False) -> Iterator[tuple[int, str]]:
    """Literals that read as sentences, and words that are given to Discord, without a mark."""
    if isinstance(node, ast.Call) and name_of(node.func) in MARKS | NOT_SHOWN:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if (WORD if is_shown else SENTENCE).search(node.value):
            yield node.lineno, node.value
        return
    is_shown = (isinstance(node, ast.keyword) and node.arg in SHOWN_AS) or (
        is_shown and isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp)
    )
    for child in ast.iter_child_nodes(node):
        yield from unmarked(child, is_shown=is_shown)


def name_of(function: ast.expr) -> str | None:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(BOT)))
def test_every_text_that_is_shown_is_marked(path: Path) -> None:
    known = ALLOWED | {text for _, text in texts_of_commands()}
    found = unmarked(ast.parse(path.read_text()))
    assert [(line, text) for line, text in found if text not in known] == []


def test_every_sentence_that_is_made_to_be_read_later_is_marked() -> None:
    kinds = {name for name in errors.__all__ if issubclass(getattr(errors, name), errors.UserError)}
    missed = [
        (str(path.relative_to(BOT)), line, text)
        for path in BOT.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and name_of(call.func) in kinds | {"Sentence"}
        for each in call.args
        for line, text in unmarked(each)
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ('send(content="Gone.")', True),
        ('send(content=f"Run {number} ended")', True),
        ('button("again", label="Again" if number else "")', True),
        ('said = "This is said."', True),
        ('send(content=_("Gone."))', False),
        ('send(content=_.ngettext("One thing.", "Many things.", number))', False),
        ('button("again", label=f"{number} · {_(text)}")', False),
        ('logger.info("This is for the log: %s", said)', False),
        ('def vote():\n    """This is a docstring."""', False),
        ('button("vote", "up", emoji="👍")', False),
    ],
)
def test_what_is_not_marked_is_found(code: str, is_found: bool) -> None:
    assert bool(list(unmarked(ast.parse(code)))) == is_found
