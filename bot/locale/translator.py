"""From a locale of Discord's to the texts in that language."""

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.locale.sentence import Sentence

_FOLDER = Path(__file__).parent
# By the beginning of a locale; whoever reads another one gets English.
_BY_LOCALE = {"zh": "zh_CN"}
LANGUAGES = tuple(_BY_LOCALE.values())


@dataclass(frozen=True, slots=True)
class Translator:
    """By custom it is called `_`: then `_("…")` reads as what it is, and is found by Babel."""

    language: str  # such as "zh_CN"
    translations: NullTranslations

    def __call__(self, message: str) -> str:
        return self.translations.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """As the language says it of `n`; the braces are still to be filled, also that of `n`."""
        return self.translations.ngettext(singular, plural, n)

    def pgettext(self, context: str, message: str) -> str:
        """Of a word that means several things, the one that `context` says."""
        return self.translations.pgettext(context, message)

    def name_of(self, language: str) -> str:
        """Of another language, such as "en"; an unknown one is its own name."""
        name: str = Locale.parse(self.language).languages.get(language, language)
        return name

    def say(self, sentence: Sentence) -> str:
        return sentence.read(self, self.pgettext("between names", ", "))


def translator(locale: str) -> Translator:
    """For a locale such as "zh-TW"."""
    language = _BY_LOCALE.get(locale.partition("-")[0])
    return _english() if language is None else _read(language)


@cache
def _english() -> Translator:
    return Translator("en", NullTranslations())


@cache
def _read(language: str) -> Translator:
    """The catalogue, compiled in memory: there is no build step, and nothing to forget."""
    compiled = BytesIO()
    with catalogue_path(language).open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, abort_invalid=True))
    compiled.seek(0)
    return Translator(language, GNUTranslations(compiled))


def catalogue_path(language: str) -> Path:
    return _FOLDER / language / "LC_MESSAGES" / "cypher.po"
