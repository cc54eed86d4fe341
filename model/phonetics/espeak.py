"""Phonemes of single words by eSpeak NG, whose library and data come with `espeakng_loader`.

A word takes about 25 microseconds; library, data and one voice take 6 MB and as many milliseconds.
"""

import ctypes
import functools
import os
import threading

import espeakng_loader

from model.errors import ModelError

_SYNCHRONOUS = 2  # an output that opens no sound device
_DONT_EXIT = 0x8000  # else eSpeak ends the process when its data is missing
_UTF8 = 1
_IPA = 2
_SEPARATOR = ord("_") << 8
_REMEDY = "Install espeakng-loader again, in a build for this machine."
_LONGEST_PATH = 140  # eSpeak cuts the path of its data at 160 bytes and then finds nothing


class PhoneticsError(ModelError):
    """eSpeak cannot be used, or does not know the voice that was asked for."""


class _Espeak:
    """The library of this process: it has one voice at a time and bears one caller at a time."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            data = _within_reach(espeakng_loader.get_data_path())
            sample_rate = self._library.espeak_Initialize(
                _SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT
            )
        except (OSError, RuntimeError, AttributeError) as error:
            raise PhoneticsError(f"eSpeak cannot be loaded ({error}). {_REMEDY}") from error
        if sample_rate <= 0:  # without its data, the next call would end the process
            raise PhoneticsError(f"eSpeak does not find its data in {data}. {_REMEDY}")
        self._transcribe = self._library.espeak_TextToPhonemes
        self._transcribe.restype = ctypes.c_char_p
        self._transcribe.argtypes = [
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_int,
            ctypes.c_int,
        ]
        self._voice = ""

    def transcribe(self, text: str, voice: str) -> str:
        if voice != self._voice:
            self._voice = ""
            if not voice or self._library.espeak_SetVoiceByName(os.fsencode(voice)):
                raise PhoneticsError(
                    f"eSpeak has no voice {voice!r}; give a language such as en-us, en-gb or de."
                )
            self._voice = voice
        rest = ctypes.c_char_p(text.encode())
        clauses = []
        while rest.value is not None:
            clause = self._transcribe(ctypes.byref(rest), _UTF8, _IPA | _SEPARATOR)
            clauses.append((clause or b"").decode())
        return " ".join(clauses)


_LOCK = threading.Lock()


def transcribe(word: str, voice: str) -> str:
    """IPA of one word: phonemes parted by "_", stress marks before stressed vowels.

    A word that eSpeak spells out or expands comes as several, parted by spaces. `voice` is a name
    of eSpeak's, such as "en-us". Safe from any thread, one at a time. Raises PhoneticsError.
    """
    with _LOCK:
        return _espeak().transcribe(word, voice)


@functools.cache
def _espeak() -> _Espeak:
    return _Espeak()


def _within_reach(path: str) -> str:
    """`path`, or where it is too long for eSpeak and Linux can help, a short name for it."""
    if len(os.fsencode(path)) <= _LONGEST_PATH or not os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        return path
    return f"/proc/self/fd/{os.open(path, os.O_RDONLY)}"  # open for as long as the process lives
