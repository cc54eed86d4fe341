"""The runner for LSTM models on a CPU: one call of the compiled step for all rows and threads."""

import ctypes
import time
from functools import lru_cache

import torch
from torch import Tensor

from model.engine.int8 import library
from model.engine.int8.compiler import Int8Unavailable
from model.engine.int8.weights import Int8Weights, VoiceTables
from model.engine.sequence import GenerationRequest, Voice
from model.engine.sequence_runner import Done
from model.engine.token_runner import DONE, KEPT_VOICES, Marks, TokenRunner
from model.network.lyric_model import LyricModel

_NUM_TIMINGS = 5
_ENOUGH = 0.9  # of the highest rate
_NUM_PROBES = 16
_MAX_ERROR = 0.2  # of the spread of the logarithms; 7 bits cost 0.04, and nonsense is above 1

_COUNTS = ("position", "prompt_length", "last_position", "stream", "max_lines", "num_lines")
_LINE = ("newlines_running", "has_content")
_PATHS = ("log_probabilities", "edges", "num_edges", "node")


class Int8Runner(TokenRunner):
    """Takes as many threads as torch has when it is built. Raises Int8Unavailable.

    A row costs what it computes, so nothing is padded, and prompts are fed within one step.
    """

    def __init__(self, model: LyricModel, marks: Marks, num_slots: int, max_positions: int) -> None:
        self._library = library.load_library()
        self._weights = Int8Weights(model)
        super().__init__(model, marks, num_slots, max_positions)
        network = self._weights.network
        self._voice_gates = torch.zeros(num_slots, network.num_gates)
        self._voice_moments = torch.zeros(num_slots, 2)
        self._voice_reading = torch.zeros(num_slots, self._weights.reading_width)
        self._num_threads = torch.get_num_threads()
        self._scratch = library.scratch_for(network, self._num_threads)
        self._codes = (ctypes.c_int8 * num_slots)()
        self._never_ids = torch.tensor(marks.never_ids, dtype=torch.int64)
        self._c_marks = library.Marks(
            newline_id=marks.newline_id,
            num_never=len(marks.never_ids),
            never_ids=self._never_ids.data_ptr(),
            is_content=self._is_content_host.data_ptr(),
        )
        self._weighted_voice = lru_cache(maxsize=KEPT_VOICES)(self._weigh_voice)
        self._rows = self._as_rows()
        self._check()
        self._num_rows = self._rows_that_pay()

    @torch.inference_mode()
    def load(self, row: int, request: GenerationRequest) -> None:
        super().load(row, request)
        self._put_voice(row, self._weighted_voice(request.artist))

    @torch.inference_mode()
    def move(self, source: int, target: int) -> None:
        super().move(source, target)
        for values in (self._voice_gates, self._voice_moments, self._voice_reading):
            values[target] = values[source]

    def step(self, num_rows: int) -> list[Done | None]:
        self._library.cypher_step(
            ctypes.byref(self._weights.network),
            ctypes.byref(self._rows),
            ctypes.byref(self._c_marks),
            num_rows,
            self._num_threads,
            self._scratch.data_ptr(),
            self._codes,
        )
        return [DONE[code] for code in self._codes[:num_rows]]

    @torch.inference_mode()
    def logits(self, tokens: Tensor, artist: Tensor) -> Tensor:
        """Tokens (time,) from an empty state in the voice of `artist` (artist_features,) -> logits
        (time, vocab_size). Row 0 is used for it.
        """
        self._put_voice(0, self._weights.voice(artist))
        for part in self._slots.state:
            part[:, 0] = 0
        width = self._weights.network.readout.num_outputs
        logits = torch.empty(len(tokens), width)
        self._library.cypher_logits(
            *(ctypes.byref(self._weights.network), ctypes.byref(self._rows), 0, len(tokens)),
            *(tokens.contiguous().data_ptr(), self._scratch.data_ptr(), logits.data_ptr()),
        )
        return logits[:, : self._weights.network.vocab_size]

    @property
    def num_rows(self) -> int:
        return self._num_rows

    @property
    def computes_in(self) -> str:
        return f"int8 ({library.instructions()})"

    @torch.inference_mode()
    def _check(self) -> None:
        """What cannot step, or says something else than the model, must not go live."""
        self.step(1)
        tokens = torch.arange(_NUM_PROBES) % self._model.config.vocab_size
        artist = self._model.artist_vectors(torch.zeros(1, dtype=torch.int64))
        state, said = self._model.initial_state(artist), []
        for token in tokens.unsqueeze(1):
            logits, state = self._model.step(token, artist, state)
            said.append(logits)
        expected = torch.cat(said).log_softmax(1)
        found = self.logits(tokens, artist[0]).log_softmax(1)
        error = (found - expected).square().mean().sqrt() / expected.std()
        if not error < _MAX_ERROR:
            raise Int8Unavailable(f"it is off by {error:.0%} from what the model says")

    def _rows_that_pay(self) -> int:
        """The smallest batch that writes about as fast as any, by measurement.

        Beyond some rows a processor does not gain from more of them. They would share the same
        speed, so that each verse took longer and none came earlier.
        """
        most = len(self._slots.tokens)
        sizes = [size for size in (4 << power for power in range(10)) if size < most]
        rates = {size: size / self._seconds_of_a_step(size) for size in (*sizes, most)}
        enough = _ENOUGH * max(rates.values())
        return min(size for size, rate in rates.items() if rate >= enough)

    @torch.inference_mode()
    def _seconds_of_a_step(self, num_rows: int) -> float:
        """The best of a few, of empty rows."""
        seconds = []
        for _ in range(_NUM_TIMINGS):
            self._slots.position.zero_()
            started = time.perf_counter()
            self.step(num_rows)
            seconds.append(time.perf_counter() - started)
        return min(seconds)

    def _weigh_voice(self, artist: Voice) -> VoiceTables:
        return self._weights.voice(self._voice_of(artist))

    def _put_voice(self, row: int, voice: VoiceTables) -> None:
        self._voice_gates[row] = voice.gates
        self._voice_moments[row] = voice.moments
        self._voice_reading[row] = voice.reading

    def _as_rows(self) -> library.Rows:
        """The same memory as `TokenSlots`, for the step to read and write."""
        slots, sampling = self._slots, self._slots.sampling
        alike = {name: getattr(slots, name).data_ptr() for name in (*_COUNTS, *_LINE, *_PATHS)}
        drawing = {name: values.data_ptr() for name, values in sampling._asdict().items()}
        return library.Rows(
            num_slots=len(slots.tokens),
            max_positions=self.max_positions,
            hidden=slots.state.hidden.data_ptr(),
            cell=slots.state.cell.data_ptr(),
            voices=library.Voices(
                gates=self._voice_gates.data_ptr(),
                moments=self._voice_moments.data_ptr(),
                reading=self._voice_reading.data_ptr(),
            ),
            tokens=slots.tokens.data_ptr(),
            forbid_first=slots.forbid_first.data_ptr(),
            **alike,
            **drawing,
        )
