"""What others reached on the same texts, and where they say so."""

from benchmarks.learning.published import Published

PUBLISHED = {
    "ptb-char": (
        Published("RNN, 3 M", 1.48, "bits", "Bai et al. 2018"),
        Published("GRU, 3 M", 1.37, "bits", "Bai et al. 2018"),
        Published("LSTM, 3 M", 1.36, "bits", "Bai et al. 2018"),
        Published("TCN, 3 M", 1.31, "bits", "Bai et al. 2018"),
        Published("AWD-LSTM, 13.8 M", 1.175, "bits", "Merity et al. 2018"),
        Published("Trellis, 13.4 M", 1.159, "bits", "Bai et al. 2019"),
        Published("Mogrifier LSTM, 24 M", 1.120, "bits", "Melis et al. 2020"),
        Published("the same, dynamic evaluation", 1.083, "bits", "Melis et al. 2020"),
    ),
    "tinyshakespeare": (
        Published("nanoGPT, its CPU recipe", 1.91, "nats", "measured on two CPU cores", 2.4),
        Published("nanoGPT, its CPU recipe", 1.72, "nats", "measured on two CPU cores", 4.7),
        Published("plain LSTM of 384", 1.57, "nats", "measured on two CPU cores", 2.0),
        Published("plain LSTM of 384", 1.50, "nats", "measured on two CPU cores", 4.65),
        Published("nanoGPT, 10.6 M, on an A100", 1.47, "nats", "its README"),
    ),
}
