"""Files as lines of text: encoding found out in a first pass, lines bounded, never a whole file."""

import codecs
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

CHUNK_BYTES = 1 << 20
# Longer than any record may be; what stands beyond it in one line is passed over.
MAX_LINE_CHARACTERS = 1 << 20

_RUN = re.compile(rb"[\x80-\xff]+")
_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_SPACE = re.compile(rb"\s+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file. Bytes that do not fit become half surrogates or U+FFFD."""

    codec: str
    errors: str = "surrogateescape"
    note: str | None = None


UTF_8 = Encoding("utf-8-sig")
UTF_16 = Encoding("utf-16", errors="replace")
LATIN_1 = Encoding(
    "cp1252",
    note="The file is not UTF-8 and was read as Latin-1 (Windows-1252); if letters look wrong, "
    "save it as UTF-8 and import it again.",
)
GB18030 = Encoding(
    "gb18030",
    note="The file is not UTF-8 and was read as GB18030; if characters look wrong, "
    "save it as UTF-8 and import it again.",
)


def unpacked(file: BinaryIO, path: Path) -> BinaryIO:
    """What the file holds, where its name ends in .gz."""
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.GzipFile(fileobj=file))
    return file


def detect_encoding(file: BinaryIO) -> Encoding | None:
    """By reading all of it; None where it is no text that we know. Leaves the file at its start.

    Raises OSError, EOFError and zlib.error.
    """
    head = file.read(CHUNK_BYTES)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF_16
    if 100 * head.count(0) > len(head):
        return None
    is_utf_8 = _is_mostly_utf_8(file)
    file.seek(0)
    encoding = UTF_8 if is_utf_8 else _detect_legacy(file)
    file.seek(0)
    return encoding


def bounded_lines(file: TextIO) -> Iterator[str]:
    """Lines with their ends, each cut at MAX_LINE_CHARACTERS."""
    while line := file.readline(MAX_LINE_CHARACTERS):
        yield line
        while len(line) == MAX_LINE_CHARACTERS and not line.endswith(("\n", "\r")):
            line = file.readline(MAX_LINE_CHARACTERS)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _is_mostly_utf_8(file: BinaryIO) -> bool:
    """A few bad bytes in a large file spoil their own records, not the whole of it."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    num_good = num_bad = 0
    for chunk in _chunks(file):
        text = decoder.decode(chunk)
        if not text.isascii():
            num_escaped = len(_ESCAPED.findall(text))
            num_bad += num_escaped
            num_good += len(text) - len(text.encode("ascii", "ignore")) - num_escaped
    num_bad += len(decoder.decode(b"", final=True))
    return num_bad == 0 or num_good > num_bad


def _detect_legacy(file: BinaryIO) -> Encoding | None:
    """GB18030 or Latin-1, by the shape of the bytes outside ASCII.

    Chinese in GB18030 comes in long runs of pairs; in European languages such bytes stand mostly
    alone and are rare. What fits neither (Big5, Shift JIS, KOI8…) is not guessed.
    """
    decoder = codecs.getincrementaldecoder("gb18030")()
    is_gb18030 = True
    num_high = num_runs = num_pairs = num_visible = 0
    for chunk in _chunks(file):
        runs = _RUN.findall(chunk)
        num_runs += len(runs)
        num_high += sum(map(len, runs))
        num_pairs += sum(len(_PAIR.findall(run)) for run in runs)
        num_visible += len(_SPACE.sub(b"", chunk))
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            is_gb18030 = False
    if is_gb18030 and 20 * num_pairs >= 9 * num_high and num_high >= 3 * num_runs:
        return GB18030
    return LATIN_1 if 3 * num_high <= num_visible else None
