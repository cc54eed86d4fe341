"""Songs cut into pieces as long as a verse, so that verses compare with them."""

PIECE_LINES = 8


def cut_into_pieces(
    text: str, num_lines: int = PIECE_LINES, *, keeps_rest: bool = False
) -> list[str]:
    """Pieces of `num_lines` lines each, one after another, empty lines not counted.

    The lines that are left over at the end are dropped, or with `keeps_rest` a last, shorter piece.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    pieces = [lines[start : start + num_lines] for start in range(0, len(lines), num_lines)]
    if pieces and len(pieces[-1]) < num_lines and not keeps_rest:
        pieces.pop()
    return ["\n".join(piece) for piece in pieces]
