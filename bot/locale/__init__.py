"""The languages people read: English in the code, the others in a gettext catalogue each."""

from bot.locale.sentence import N_, Sentence, Value
from bot.locale.translator import Translator, translator

__all__ = ["N_", "Sentence", "Translator", "Value", "translator"]
