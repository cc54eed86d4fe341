"""Cuts the instruments of beats out of a General MIDI soundfont: how model/midi/sounds was made.

The source is FluidR3Mono_GM.sf3, of Debian's package fluidr3mono-gm-soundfont 2.315-7.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.midi.instruments import Instrument
from model.midi.soundfont import SAMPLE_HEADER, Lists, lists_of, riff_of

_INSTRUMENT, _SAMPLE = 41, 53  # generators: which one a zone plays
_PRESET = np.dtype(
    [("name", "S20"), ("number", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "V12")]
)
_NAMED = np.dtype([("name", "S20"), ("bag", "<u2")])
_BAG = np.dtype([("gen", "<u2"), ("mod", "<u2")])
_GENERATOR = np.dtype([("operator", "<u2"), ("amount", "<u2")])
_MODULATOR = np.dtype("V10")

Table = NDArray[Any]


@dataclass
class _Zones:
    """Zones of presets or of instruments, with what they play: an instrument or a sample."""

    bags: Table
    generators: Table
    modulators: Table
    operator: int

    @classmethod
    def of(cls, tables: dict[bytes, bytes], kind: bytes, operator: int) -> "_Zones":
        return cls(
            np.frombuffer(tables[kind + b"bag"], _BAG),
            np.frombuffer(tables[kind + b"gen"], _GENERATOR),
            np.frombuffer(tables[kind + b"mod"], _MODULATOR),
            operator,
        )

    def played(self, zones: range) -> list[int]:
        generators = np.concatenate([self._of(zone)[0] for zone in zones])
        chosen = generators[generators["operator"] == self.operator]["amount"]
        return sorted(set(chosen.tolist()))

    def cut(self, zones: list[int], numbers: dict[int, int]) -> Iterator[bytes]:
        """Tables of bags, modulators and generators; what is played gets its new number."""
        generators, modulators = [self.generators[:0]], [self.modulators[:0]]
        bags = np.zeros(len(zones) + 1, _BAG)
        for place, zone in enumerate(zones):
            its_generators, its_modulators = self._of(zone)
            for generator in (renumbered := its_generators.copy()):
                if generator["operator"] == self.operator:
                    generator["amount"] = numbers[int(generator["amount"])]
            generators.append(renumbered)
            modulators.append(its_modulators)
            bags[place + 1]["gen"] = sum(map(len, generators))
            bags[place + 1]["mod"] = sum(map(len, modulators))
        yield bags.tobytes()
        yield np.concatenate([*modulators, np.zeros(1, _MODULATOR)]).tobytes()
        yield np.concatenate([*generators, np.zeros(1, _GENERATOR)]).tobytes()

    def _of(self, zone: int) -> tuple[Table, Table]:
        first, last = self.bags[zone], self.bags[zone + 1]
        return (
            self.generators[first["gen"] : last["gen"]],
            self.modulators[first["mod"] : last["mod"]],
        )


def cut(source: Lists, program: int) -> Lists:
    """The one preset of bank 0 with this number, what it plays, and the notice of its licence."""
    tables = source[b"pdta"]
    presets = np.frombuffer(tables[b"phdr"], _PRESET)
    instruments = np.frombuffer(tables[b"inst"], _NAMED)
    samples = np.frombuffer(tables[b"shdr"], SAMPLE_HEADER)
    of_presets = _Zones.of(tables, b"p", _INSTRUMENT)
    of_instruments = _Zones.of(tables, b"i", _SAMPLE)

    [place] = np.flatnonzero((presets["bank"][:-1] == 0) & (presets["number"][:-1] == program))
    zones = range(presets["bag"][place], presets["bag"][place + 1])
    used = of_presets.played(zones)
    inner = [range(instruments["bag"][one], instruments["bag"][one + 1]) for one in used]
    heard = sorted({sample for each in inner for sample in of_instruments.played(each)})

    heads = presets[np.array([place, -1])].copy()
    heads["bag"] = 0, len(zones)
    names = instruments[np.array([*used, -1])].copy()
    names["bag"] = np.cumsum([0, *map(len, inner)])
    packed, headers = _samples(source[b"sdta"][b"smpl"], samples[np.array([*heard, -1])].copy())
    of_preset = of_presets.cut(list(zones), {one: number for number, one in enumerate(used)})
    of_instrument = of_instruments.cut(
        [zone for each in inner for zone in each],
        {one: number for number, one in enumerate(heard)},
    )
    cut_tables = {b"phdr": heads.tobytes()}
    cut_tables |= zip((b"pbag", b"pmod", b"pgen"), of_preset, strict=True)
    cut_tables[b"inst"] = names.tobytes()
    cut_tables |= zip((b"ibag", b"imod", b"igen"), of_instrument, strict=True)
    cut_tables[b"shdr"] = headers
    return {b"INFO": source[b"INFO"], b"sdta": {b"smpl": packed}, b"pdta": cut_tables}


def _samples(packed: bytes, headers: Table) -> tuple[bytes, bytes]:
    files = [packed[header["start"] : header["end"]] for header in headers[:-1]]
    ends = np.cumsum(list(map(len, files)))
    headers["start"][:-1], headers["end"][:-1] = ends - list(map(len, files)), ends
    headers["link"] = 0
    return b"".join(files), headers.tobytes()


def add_command(commands: Any) -> None:
    command = commands.add_parser("soundfont", help="cut model/midi/sounds out of a soundfont")
    command.add_argument("source", type=Path, help="FluidR3Mono_GM.sf3")
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    source = lists_of(options.source.read_bytes())
    for instrument in Instrument:
        content = riff_of(cut(source, instrument.program))
        instrument.soundfont.write_bytes(content)
        print(f"{instrument.soundfont.name}: {len(content):,} bytes")
    return 0
