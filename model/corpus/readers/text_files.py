"""Text files: one song, or all songs of an artist parted by headings."""

from collections.abc import Iterator
from typing import TextIO

from model.corpus.readers.files import bounded_lines
from model.corpus.readers.headings import form_of_headings, sections
from model.corpus.readers.records import Note, RawSong, Reading, refuse


def read_text_file(
    file: TextIO, source: str, artist: str | None, *, stem: str, folder: str | None
) -> Iterator[Reading]:
    """`artist` goes before all names of files; `folder` is None for a file that was named itself.

    Without headings the file is one song, titled `stem` and by `folder`. With headings it holds the
    songs of an artist called `stem`. One heading in a file of a folder is that song's own.
    """
    form, num_headings = form_of_headings(bounded_lines(file))
    file.seek(0)
    if form is None or (num_headings == 1 and folder is not None):
        text = "\n".join(section.text for section in sections(bounded_lines(file), form))
        yield RawSong(source, 1, artist or folder, stem, text)
    else:
        singer = artist or stem
        songs = "1 song" if num_headings == 1 else f"{num_headings} songs"
        message = f'Read as {songs} by "{singer}", parted by headings of the form "{form}"; '
        yield Note(source, 0, message + "give --artist if that is not the artist.")
        yield from _read_sections(file, source, singer, form)


def _read_sections(file: TextIO, source: str, artist: str, form: str) -> Iterator[Reading]:
    for section in sections(bounded_lines(file), form):
        if section.title is not None:
            yield RawSong(source, section.line, artist, section.title, section.text)
        elif section.text.strip():
            reason = "The text before the first heading belongs to no song; give it a heading."
            yield refuse(source, section.line, artist, reason)
