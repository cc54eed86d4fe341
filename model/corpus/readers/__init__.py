"""Songs out of the files that people have, however they were scraped."""

from model.corpus.readers.corpus import read_corpus, size_of_corpus
from model.corpus.readers.records import MAX_CHARACTERS, MIN_CHARACTERS, Note, Refusal

__all__ = [
    "MAX_CHARACTERS",
    "MIN_CHARACTERS",
    "Note",
    "Refusal",
    "read_corpus",
    "size_of_corpus",
]
