"""What others reached on the classic sets, and where they say so: nats per frame of the test part.

Figures of outputs that draw each key by itself and of outputs that know of chords do not compare.
"""

from benchmarks.learning.published import Published

BAI, BOULANGER = "Bai et al. 2018", "Boulanger-Lewandowski et al. 2012"
RRU_PAPER = "Zakovskis et al. 2021"


def _apart(name: str, figure: float, source: str) -> Published:
    return Published(name, figure, "nats", source, kind="bernoulli")


def _together(name: str, figure: float, source: str) -> Published:
    return Published(name, figure, "nats", source, kind="nade")


PUBLISHED = {
    "jsb": (
        _apart("RNN", 8.91, BAI),
        _apart("GRU", 8.43, BAI),
        _apart("LSTM", 8.45, BAI),
        _apart("TCN", 8.10, BAI),
        _apart("LSTM, tuned", 8.33, RRU_PAPER),
        _apart("GRU, tuned", 8.20, RRU_PAPER),
        _apart("Mogrifier LSTM, tuned", 8.18, RRU_PAPER),
        _apart("RRU", 7.72, RRU_PAPER),
        _together("RNN-NADE", 5.56, BOULANGER),
    ),
    "nottingham": (
        _apart("RNN", 4.05, BAI),
        _apart("GRU", 3.46, BAI),
        _apart("LSTM", 3.29, BAI),
        _apart("TCN", 3.07, BAI),
        _apart("LSTM, tuned", 3.25, RRU_PAPER),
        _apart("GRU, tuned", 3.22, RRU_PAPER),
        _apart("Mogrifier LSTM, tuned", 3.28, RRU_PAPER),
        _apart("RRU", 2.92, RRU_PAPER),
        _together("RNN-NADE", 2.31, BOULANGER),
    ),
}
