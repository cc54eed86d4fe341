"""A language's catalogue as a file, brought in line with the texts in the code."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.locale.translator import catalogue_path

_SOURCES = Path(__file__).parents[1]
_METHODS = [("**.py", "python")]


def texts_in_code(others: Iterable[tuple[str | None, str]] = ()) -> Catalog:
    """Everything that is marked in `bot`, and `others`, which are contexts and texts."""
    catalog = Catalog(fuzzy=False)
    for _, _, message, _, context in extract_from_dir(_SOURCES, _METHODS):
        catalog.add(message, context=context)
    for context, text in others:
        catalog.add(text, context=context)
    return catalog


def read_catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def update_catalogue(language: str, texts: Catalog) -> bool:
    """What is new comes in untranslated, and what is gone leaves. Whether it changed."""
    path = catalogue_path(language)
    catalog = read_catalogue(language)
    catalog.update(texts, no_fuzzy_matching=True)
    written = as_file(catalog)
    is_changed = path.read_bytes() != written
    path.write_bytes(written)
    return is_changed


def as_file(catalog: Catalog) -> bytes:
    """So that merges stay clean: sorted, unwrapped, no dates, no places."""
    file = BytesIO()
    write_po(
        file,
        catalog,
        width=0,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    return file.getvalue()
