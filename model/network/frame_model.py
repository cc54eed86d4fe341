"""The model of piano rolls: frames and a style in, what the next frame is drawn from out."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.config import FrameModelConfig
from model.corpus.stream import NO_TARGET
from model.network.frame_output import FrameOutput, build_frame_output
from model.network.recurrent_model import RecurrentModel


class FrameModel(RecurrentModel[FrameModelConfig]):
    """The next frame given those before and the style of the piece, which is its artist.

    A position is a frame (…, frame_width), int8: 1 for each key that sounds, then 1 for the place
    in the bar.
    """

    def __init__(self, config: FrameModelConfig) -> None:
        super().__init__(config)
        first = config.frame_width
        if config.features == "embedding":
            first = config.embedding_size
            self.key_embedding = nn.Linear(config.frame_width, first, bias=False)
        self._build_layers(first)
        self.output: FrameOutput = build_frame_output(config)
        width = config.hidden_size + self._joined_size
        self.projection = nn.Linear(width, self.output.context_size, bias=False)
        self.output_bias = nn.Parameter(torch.zeros(self.output.context_size))

    @torch.no_grad()
    def begin_with_shares(self, pieces: Iterable[Tensor]) -> None:
        """Hold each key as likely at first as it is in the frames of `pieces` (time, frame_width).

        Most keys sound seldom or never: training would spend its first thousand updates on that.
        """
        num_frames, num_sounding = 0, torch.zeros(self.config.num_keys)
        for frames in pieces:
            num_frames += len(frames)
            num_sounding += frames[:, : self.config.num_keys].sum(0)
        shares = (num_sounding + 0.5) / (num_frames + 1)
        self.output_bias[: self.config.num_keys] = shares.logit()

    @property
    def nats_knowing_nothing(self) -> float:
        return self.config.num_keys * math.log(2)

    def any_position(self, number: int) -> Tensor:
        generator = torch.Generator().manual_seed(number)
        frame = torch.rand(self.config.frame_width, generator=generator) < 0.1
        return frame.to(self.output_bias.device, torch.int8)

    def embed(self, positions: Tensor) -> Tensor:
        frames = positions.to(self.output_bias.dtype)
        if self.config.features == "one-hot":
            return frames
        embedded: Tensor = self.key_embedding(frames)
        return embedded

    def readout(self, outputs: Tensor, artist_vectors: Tensor) -> Tensor:
        """Outputs (…, hidden_size), artist vectors (…, artist_features) -> the context of the next
        frame (…, context_size), see `FrameOutput`.
        """
        joined = self._inputs(outputs, artist_vectors)
        return F.linear(joined, self.projection.weight, self.output_bias)

    def nats(self, read: Tensor, targets: Tensor) -> Tensor:
        """Targets (batch, time, frame_width), as the frames; only their keys cost anything."""
        is_target = targets[..., 0] != NO_TARGET
        keys = targets[is_target][:, : self.config.num_keys].to(read.dtype)
        nats = read.new_zeros(is_target.shape)
        nats[is_target] = self.output.nats(read[is_target], keys)
        return nats

    def even_nats(self, read: Tensor, targets: Tensor) -> Tensor:
        raise ValueError("Frames have no label smoothing; set label_smoothing to 0.")
