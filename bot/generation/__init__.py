"""Writing verses: a fair queue, one worker thread that owns the model, and the live checkpoint."""

from bot.generation.requests import GeneratedVerse, Mix, VerseRequest, Waiting
from bot.generation.service import GenerationService
from model.sampling import SamplingParameters

__all__ = [
    "GeneratedVerse",
    "GenerationService",
    "Mix",
    "SamplingParameters",
    "VerseRequest",
    "Waiting",
]
