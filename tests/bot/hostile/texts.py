"""What somebody types who means no good, or whose keyboard means well."""

# ruff: noqa: E501

from hypothesis import strategies as st

from model.midi import PianoRoll, write_midi

_TRAPS = (
    "@everyone", "@here", "<@1>", "<@&1>", "<#1>", "</rap:1>", "<t:0:R>", "<:x:1>", "<a:x:1>",
    "**bold** `code` ||spoiler||", "# heading", "> quote", "- list", "1. list", "[x](http://a.b)",
    "http://discord.gg/abc", "discord.gg/abc", "\\", "\\\\*", "```", "\u202etxt.exe", "\u2066a\u2069",
    "\u200b\u200d\ufeff", "a\u0300" * 40, "\ufdfd" * 9, "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\ufe0f\u20e3", "\x00", "\x1b[31m", "\r\n\r\n",
    "\u2028", "\u3164", "ﬁ", "İ", "ß", "Ǆ", "𝕤𝕝𝕚𝕞", "ＳＬＩＭ", "ѕӏім", "床前明月光", "؀", "ำ" * 30,
    "{0}", "{name.__class__}", "{}", "%s%n%d", "${x}", "';DROP TABLE votes;--", '"', "NaN", "-0",
    "1e309", "0x10", "²", "../../etc/passwd", "C:\\con", "nul", "cypher:1:vote:up:1", "null", "true",
    "a" * 2000, "\n" * 500, " ", "I said: no\n" * 60, "🎤" * 300, "é" * 1000,
)  # fmt: skip

# No lone halves of surrogate pairs: no client can send them.
_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def texts(min_size: int = 0, max_size: int = 6000) -> st.SearchStrategy[str]:
    """Within the bounds that Discord's own client enforces."""
    parts = st.lists(st.sampled_from(_TRAPS) | _ANY, min_size=1, max_size=4).map(" ".join)
    words = parts | st.sampled_from(_TRAPS)
    return words.map(lambda text: text[:max_size].ljust(min_size, "x"))


def midi_files() -> st.SearchStrategy[tuple[str, bytes]]:
    """Music, whole and with bytes of it changed, and what only begins as music does."""
    whole = st.sampled_from((_piece(1), _piece(40)))
    changed = st.builds(_changed, whole, st.integers(0, 400), st.binary(max_size=8))
    claims = st.builds(
        lambda tracks, length, rest: b"MThd\0\0\0\6\0\1" + tracks + b"\1\xe0MTrk" + length + rest,
        st.binary(min_size=2, max_size=2),
        st.binary(min_size=4, max_size=4),
        st.binary(max_size=200),
    )
    names = st.sampled_from(("a.mid", "b.MIDI", "..%2fx.mid", "歌.mid", "x" * 200 + ".mid"))
    return st.tuples(names, whole | changed | claims) | files()


def _piece(num_bars: int) -> bytes:
    return write_midi(PianoRoll.of_chords([1 << 40, 1 << 44, 0, 1 << 47] * 4 * num_bars))


def _changed(data: bytes, place: int, instead: bytes) -> bytes:
    return data[:place] + instead + data[place + len(instead) :]


def files() -> st.SearchStrategy[tuple[str, bytes]]:
    names = st.sampled_from(
        (
            "song.txt",
            "a.TXT",
            "..%2fx.txt",
            "x" * 200 + ".txt",
            "нет.txt",
            "歌.txt",
            "a.mid",
            "a.zip",
        )
    )
    beginnings = st.sampled_from(
        (b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"MThd", b"PK\x03\x04")
    )
    encoded = st.builds(
        lambda text, encoding: text.encode(encoding, "replace"),
        texts(),
        st.sampled_from(("utf-8", "utf-16", "gb18030", "latin-1")),
    )
    contents = st.binary(max_size=300) | encoded | st.just(b"la la la\n" * 40_000)
    return st.tuples(names, st.builds(bytes.__add__, beginnings, contents))
