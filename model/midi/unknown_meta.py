"""Meta messages that mido has no name for. It forgets the time that passes before them, and so
shifts every note that follows; messages that it was told of keep theirs.
"""

from functools import cache
from typing import Any

from mido.midifiles.meta import _META_SPECS, MetaSpec, add_meta_spec


@cache
def make_known() -> None:
    """Tell mido of all types that it does not know, as it offers to be told."""
    for type_byte in range(128):
        if type_byte not in _META_SPECS:
            add_meta_spec(_unnamed(type_byte))


def _unnamed(type_byte: int) -> type[Any]:
    members = {"type_byte": type_byte, "type": f"unnamed_{type_byte}"}
    return type("MetaSpec_unnamed", (_Unnamed,), members)


class _Unnamed(MetaSpec):  # type: ignore[misc]  # mido has no types
    attributes = ("data",)
    defaults = ((),)

    def decode(self, message: Any, data: list[int]) -> None:
        message.data = tuple(data)

    def encode(self, message: Any) -> list[int]:
        return list(message.data)
