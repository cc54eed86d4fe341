"""The outside of a MIDI file: its header and its tracks, checked before anything in them is read.

Whoever sends a file chooses every byte of it. What is let through here has at most MAX_BYTES and
MAX_TRACKS, and no number that goes on for long, so that reading it costs a bounded amount of work.
"""

import re
import struct
from collections.abc import Iterator

from model.errors import MidiError
from model.midi.faults import MidiFault

MAX_BYTES = 256 * 1024  # the reader makes an object of every two bytes at worst
MAX_TRACKS = 256

# A number in a MIDI file ends with the first byte below 128. The format allows four bytes, mido any
# number of them, at a cost that grows with the square. Texts have such bytes too, but not so many.
_ENDLESS_NUMBER = re.compile(rb"[\x80-\xff]{1025}")
_HEADER = struct.Struct(">HHH")  # format, number of tracks, ticks per beat
_CHUNK = struct.Struct(">4sL")  # name, size
_SMPTE = 0x8000  # this bit of the ticks per beat says that they are parts of a second


def without_frills(data: bytes) -> bytes:
    """The same file with its header and its tracks alone. Raises MidiError."""
    if data[:4] != b"MThd":
        raise MidiError(MidiFault.NOT_MIDI)
    if len(data) > MAX_BYTES:
        raise MidiError(MidiFault.TOO_LARGE, limit=MAX_BYTES // 1024)
    if _ENDLESS_NUMBER.search(data):
        raise MidiError(MidiFault.CORRUPT)
    chunks = _chunks(data)
    _, header = next(chunks)
    if len(header) < _HEADER.size:
        raise MidiError(MidiFault.CORRUPT)
    kind, num_tracks, ticks_per_beat = _HEADER.unpack_from(header)
    _check_header(kind, num_tracks, ticks_per_beat)
    tracks = [body for _, body in zip(range(num_tracks), _tracks(chunks), strict=False)]
    whole = [
        (b"MThd", _HEADER.pack(kind, num_tracks, ticks_per_beat)),
        *((b"MTrk", track) for track in tracks),
    ]
    return b"".join(_CHUNK.pack(name, len(body)) + body for name, body in whole)


def _check_header(kind: int, num_tracks: int, ticks_per_beat: int) -> None:
    if kind not in (0, 1):
        raise MidiError(MidiFault.PATTERNS)
    if ticks_per_beat & _SMPTE:
        raise MidiError(MidiFault.CLOCK_TIME)
    if ticks_per_beat == 0:
        raise MidiError(MidiFault.NO_RESOLUTION)
    if num_tracks > MAX_TRACKS:
        raise MidiError(MidiFault.TOO_MANY_TRACKS, limit=MAX_TRACKS)


def _tracks(chunks: Iterator[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """Other chunks are for other programs: the format says to pass over them."""
    return (body for name, body in chunks if name == b"MTrk")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents. Never ends by itself: whoever asks for one too many has a cut file."""
    position = 0
    while position + _CHUNK.size <= len(data):
        name, size = _CHUNK.unpack_from(data, position)
        position += _CHUNK.size + size
        if position > len(data):
            break
        yield name, data[position - size : position]
    raise MidiError(MidiFault.CUT_OFF)
