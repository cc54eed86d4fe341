"""Checks requests against Discord's own OpenAPI description, where that file is at hand."""

import gzip
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import simcord
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

# Beside the checkout, not in it: the description is Discord's. Without it nothing is checked.
DESCRIPTION = Path(__file__).parents[3] / "shared" / "discord" / "openapi.json.gz"
MISSING = f"Requests are not checked against Discord's description: {DESCRIPTION.name} is not there"

_ROOT = "https://discord.invalid/openapi.json"


def is_available() -> bool:
    return DESCRIPTION.exists()


def faults(requests: Iterable[simcord.HttpLogEntry]) -> list[str]:
    """One line for each request that Discord would not take."""
    return [fault for request in requests for fault in _faults(request)]


def _faults(request: simcord.HttpLogEntry) -> list[str]:
    operation = _operation(request.method, request.path)
    if operation is None:
        return [f"{request.method} {request.path}: no such operation"]
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json") or content.get("multipart/form-data")
    if request.json is None or schema is None:
        return []
    pointer = schema["schema"]
    errors = _validator(json.dumps(pointer)).iter_errors(_as_sent_to_discord(request.json))
    return [f"{request.method} {request.path}: {_told(error)}" for error in errors]


def _as_sent_to_discord(value: Any) -> Any:
    """discord.py numbers uploads and what is chosen already, where the description wants text;
    Discord takes both.
    """
    if isinstance(value, list):
        return [_as_sent_to_discord(each) for each in value]
    if not isinstance(value, dict):
        return value
    sent = {key: _as_sent_to_discord(each) for key, each in value.items()}
    if isinstance(sent.get("attachments"), list):
        sent["attachments"] = [{**each, "id": str(each["id"])} for each in sent["attachments"]]
    if isinstance(sent.get("default_values"), list):
        chosen = [{**each, "id": str(each["id"])} for each in sent["default_values"]]
        sent["default_values"] = chosen
    return sent


def _told(error: Any) -> str:
    best = jsonschema.exceptions.best_match([error])
    return f"{best.json_path}: {best.message}"[:300]


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for pattern, operations in _paths():
        if method.lower() in operations and pattern.fullmatch(path):
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(gzip.decompress(DESCRIPTION.read_bytes()))
    return document


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Those without parameters first, as `@original` goes before any message's number."""
    templates = sorted(_document()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), item) for path, item in templates]


@cache
def _validator(schema: str) -> Any:
    resource = Resource.from_contents(_document(), default_specification=DRAFT202012)
    registry: Any = Registry().with_resource(_ROOT, resource)
    absolute = schema.replace('"#/', f'"{_ROOT}#/')
    return jsonschema.Draft202012Validator(json.loads(absolute), registry=registry)
