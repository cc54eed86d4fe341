"""What a custom_id carries, read as the annotations of its action say.

A custom_id comes back from Discord as it was sent, but it may be one of an older version.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

Number = Annotated[int, Field(ge=1, lt=2**63)]  # of a row
Count = Annotated[int, Field(ge=0, lt=2**31)]
# What was left out is an empty argument.
LEFT_OUT = BeforeValidator(lambda argument: argument or None)


def read_arguments(act: Callable[..., Any], arguments: Sequence[str]) -> list[Any] | None:
    """For the parameters after the interaction; None where they do not fit the action."""
    adapters, num_needed = _parameters(act)
    if not num_needed <= len(arguments) <= len(adapters):
        return None
    pairs = zip(adapters, arguments, strict=False)
    try:
        return [adapter.validate_strings(argument) for adapter, argument in pairs]
    except ValidationError:
        return None


@cache
def _parameters(act: Callable[..., Any]) -> tuple[list[TypeAdapter[Any]], int]:
    """Readers of the parameters after the first, and how many of them have no default."""
    _, *parameters = inspect.signature(act, eval_str=True).parameters.values()
    readers = [TypeAdapter(each.annotation) for each in parameters]
    return readers, sum(each.default is each.empty for each in parameters)
