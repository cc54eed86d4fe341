"""Every text is there in every language, with the same gaps, and nothing is left over."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from bot.commands.texts import texts_of_commands
from bot.generation.prime import texts_of_faults
from bot.locale.catalogue import as_file, read_catalogue, texts_in_code, update_catalogue
from bot.locale.translator import LANGUAGES, catalogue_path

BOT = Path(__file__).parents[3] / "bot"
MARKS = {"_", "N_", "ngettext", "pgettext"}


@pytest.fixture(scope="module")
def in_code() -> Catalog:
    return texts_in_code([*texts_of_commands(), *texts_of_faults()])


def key_of(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload, unused-ignore]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalogue_and_nothing_else(language: str, in_code: Catalog) -> None:
    """`make messages` brings it in line."""
    wanted, present = (
        {key_of(each) for each in catalog if each.id}
        for catalog in (in_code, read_catalogue(language))
    )
    assert present - wanted == set()
    assert wanted - present == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_the_same_gaps(language: str) -> None:
    faults = []
    for message in read_catalogue(language):
        translated = forms(message.string)
        if not message.id:
            continue
        if message.fuzzy or not all(translated):
            faults.append(message.id)
        wanted = {name for form in forms(message.id) for name in gaps(form)}
        faults += [message.id for each in translated if gaps(each) != wanted]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_as_make_messages_writes_it(language: str) -> None:
    assert catalogue_path(language).read_bytes() == as_file(read_catalogue(language))


def test_an_update_keeps_translations_adds_what_is_new_and_drops_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cypher.po"
    path.write_text('msgid "Gone"\nmsgstr "没了"\n\nmsgid "Kept"\nmsgstr "还在"\n')
    monkeypatch.setattr("bot.locale.catalogue.catalogue_path", lambda _: path)
    texts = Catalog()
    texts.add("Kept")
    texts.add("New")
    assert update_catalogue("zh_CN", texts)
    assert path.read_text() == 'msgid "Kept"\nmsgstr "还在"\n\nmsgid "New"\nmsgstr ""\n\n'
    assert not update_catalogue("zh_CN", texts)


def test_every_marked_text_is_found_by_the_extraction(in_code: Catalog) -> None:
    """It reads no f-strings, and no text that is put together while the bot runs."""
    found = {form for each in in_code if each.id for form in forms(each.id)}
    missed = {
        f"{path.relative_to(BOT)}:{call.lineno}"
        for path in BOT.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and _name(call.func) in MARKS
        for each in call.args
        if isinstance(each, ast.JoinedStr | ast.BinOp)
        or (
            (isinstance(each, ast.Constant) and isinstance(each.value, str))
            and _name(call.func) != "pgettext"
            and each.value not in found
        )
    }
    assert missed == set()


def _name(function: ast.expr) -> str | None:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None
