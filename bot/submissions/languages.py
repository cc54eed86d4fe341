"""In which language lyrics are: py3langid, a naive Bayes classifier over runs of bytes.

T. Baldwin and M. Lui, "langid.py: an off-the-shelf language identification tool", ACL 2012.
"""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

NO_LANGUAGE = "zxx"  # the code for text that is in none
# Written Chinese, whatever it sounds like.
_SAME = {"wuu": "zh", "yue": "zh"}


def identify(text: str) -> tuple[str, float]:
    """The language's code, such as "en" or "zh", and the probability that it is right."""
    language, confidence = _identifier().classify(text)
    return _SAME.get(language, str(language)), float(confidence)


@cache
def _identifier() -> LanguageIdentifier:
    """Takes 0.7 s and 75 MB, so it is loaded for the first lyrics that come, not at the start."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
