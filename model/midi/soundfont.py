"""Soundfonts whose samples are Vorbis (.sf3), unpacked to what a synthesiser reads (.sf2).

A soundfont is a RIFF file of three lists: about it, its samples, and tables that say which sample
sounds for which key. An .sf3 differs in that each sample is a Vorbis file; its sample headers give
the place of that file, and loops count from where the sample begins.
"""

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from model.errors import SoundfontError

Lists = dict[bytes, dict[bytes, bytes]]

SAMPLE_HEADER = np.dtype(
    [
        ("name", "S20"),
        *((field, "<u4") for field in ("start", "end", "loop_start", "loop_end", "rate")),
        ("pitch", "u1"),
        ("correction", "i1"),
        ("link", "<u2"),
        ("type", "<u2"),
    ]
)
_VORBIS = 0x10  # in a sample's type
_SILENCE = np.zeros(46, np.int16)  # the standard wants as much after each sample


def read_soundfont(path: Path) -> bytes:
    """The .sf3 at `path` as an .sf2: some MB, in a tenth of a second. Raises SoundfontError."""
    try:
        lists = lists_of(path.read_bytes())
        samples, headers = _unpacked(lists[b"sdta"][b"smpl"], lists[b"pdta"][b"shdr"])
        lists[b"sdta"] = {b"smpl": samples}
        lists[b"pdta"][b"shdr"] = headers
    except (OSError, KeyError, ValueError, struct.error, soundfile.LibsndfileError) as error:
        raise SoundfontError(
            f"The soundfont {path.name} cannot be used ({error}). Install Cypher again."
        ) from error
    return riff_of(lists)


def _unpacked(packed: bytes, table: bytes) -> tuple[bytes, bytes]:
    headers = np.frombuffer(table, SAMPLE_HEADER).copy()
    pieces, place = list[NDArray[np.int16]](), 0
    for header in headers[:-1]:  # the last one says that they end
        file = packed[header["start"] : header["end"]]
        sample, _ = soundfile.read(io.BytesIO(file), dtype="int16")
        pieces += [sample, _SILENCE]
        header["start"], header["end"] = place, place + len(sample)
        header["loop_start"] += place
        header["loop_end"] += place
        header["type"] &= ~np.uint16(_VORBIS)
        place += len(sample) + len(_SILENCE)
    return np.concatenate(pieces).tobytes(), headers.tobytes()


def lists_of(content: bytes) -> Lists:
    """The chunks of each list of a RIFF file. Raises struct.error or ValueError."""
    if content[:4] != b"RIFF":
        raise ValueError("it is no RIFF file")
    return {body[:4]: dict(_chunks(body[4:])) for _, body in _chunks(content[12:])}


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Padded to even lengths, as the standard asks; some writers of .sf3 forget it."""
    place = 0
    while place < len(content):
        name, length = struct.unpack_from("<4sI", content, place)
        place += 8
        yield name, content[place : place + length]
        place += length
        if length % 2 and content[place : place + 1] == b"\0":
            place += 1


def riff_of(lists: Lists, form: bytes = b"sfbk") -> bytes:
    body = form
    for name, chunks in lists.items():
        body += _chunk(b"LIST", name + b"".join(_chunk(*chunk) for chunk in chunks.items()))
    return _chunk(b"RIFF", body)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
