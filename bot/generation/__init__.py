"""Writing verses and beats: a fair queue, one thread that owns the models, live checkpoints."""

from bot.generation.explain import Explanation, Likeness, WrittenVerse
from bot.generation.removal_watch import RemovalWatch
from bot.generation.removed import RemovedArtists
from bot.generation.requests import (
    BeatRequest,
    GeneratedBeat,
    GeneratedVerse,
    Mix,
    VerseRequest,
    Waiting,
)
from bot.generation.rhyme_marks import MarkedLine, RhymeMarks, knows_rhymes
from bot.generation.service import GenerationService
from model.evaluation.scheme import FREE
from model.midi import PianoRoll
from model.sampling import SamplingParameters

__all__ = [
    "FREE",
    "BeatRequest",
    "Explanation",
    "GeneratedBeat",
    "GeneratedVerse",
    "GenerationService",
    "Likeness",
    "MarkedLine",
    "Mix",
    "PianoRoll",
    "RemovalWatch",
    "RemovedArtists",
    "RhymeMarks",
    "SamplingParameters",
    "VerseRequest",
    "Waiting",
    "WrittenVerse",
    "knows_rhymes",
]
