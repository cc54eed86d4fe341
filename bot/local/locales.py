"""Members whose Discord speaks another language than English."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from simcord import interactions


@contextlib.contextmanager
def speaking(locales: Mapping[int, str]) -> Iterator[None]:
    """While entered, what these users do comes with their locale; simcord gives everybody en-US."""
    module = vars(interactions)
    original = module["base_payload"]

    def base_payload(*arguments: Any, user_id: int, **more: Any) -> Any:
        record, payload = original(*arguments, user_id=user_id, **more)
        payload["locale"] = locales.get(user_id, payload["locale"])
        return record, payload

    module["base_payload"] = base_payload
    try:
        yield
    finally:
        module["base_payload"] = original
