"""Songs are cut into pieces of whole lines."""

from model.evaluation.pieces import cut_into_pieces


def test_pieces_have_as_many_lines_as_asked_for() -> None:
    text = "a\nb\n\nc\nd\ne"
    assert cut_into_pieces(text, 2) == ["a\nb", "c\nd"]
    assert cut_into_pieces(text, 2, keeps_rest=True) == ["a\nb", "c\nd", "e"]
    assert cut_into_pieces(text, 5) == ["a\nb\nc\nd\ne"]
    assert cut_into_pieces(text, 6) == []
    assert cut_into_pieces("\n \n", 2, keeps_rest=True) == []
