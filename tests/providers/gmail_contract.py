"""What Gmail's own discovery document says of requests and answers, as a check of the stand-in server.

The document comes with google-api-python-client. Its schemas become JSON Schema (no property beside those
named); its parameters say what a request may hold.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import googleapiclient
from jsonschema import Draft202012Validator

_DOCUMENT = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "gmail.v1.json"


@functools.cache
def document() -> dict[str, Any]:
    """Return the discovery document."""
    return json.loads(_DOCUMENT.read_text("utf-8"))


@functools.cache
def methods() -> dict[str, dict[str, Any]]:
    """Return the methods by their ids, e.g. `gmail.users.messages.get`."""
    found: dict[str, dict[str, Any]] = {}

    def walk(resource: dict[str, Any]) -> None:
        for method in resource.get("methods", {}).values():
            found[method["id"]] = method
        for below in resource.get("resources", {}).values():
            walk(below)

    for resource in document()["resources"].values():
        walk(resource)
    return found


def wrong_parameters(method: str, asked: dict[str, list[str]]) -> list[str]:
    """Return what a request asks that the method does not take."""
    known = document()["parameters"] | methods()[method]["parameters"]
    found = []
    for name, values in asked.items():
        parameter = known.get(name)
        if parameter is None:
            found.append(f"{method} takes no {name}")
            continue
        if len(values) > 1 and not parameter.get("repeated"):
            found.append(f"{name} stands more than once")
        found += [f"{name}={value} is none" for value in values if not _fits(parameter, value)]
    return found


def wrong_answer(method: str, said: Any) -> str | None:
    """Return how an answer breaks the method's schema; None where it keeps to it."""
    error = next(_validator(methods()[method]["response"]["$ref"]).iter_errors(said), None)
    return None if error is None else f"{method} answered {error.json_path}: {error.message}"


def picked(said: Any, fields: str | None) -> Any:
    """Return what a partial response holds (https://developers.google.com/workspace/gmail/api/guides/performance)."""
    return said if not fields else _pick(said, _parsed(fields))


def _fits(parameter: dict[str, Any], value: str) -> bool:
    if "enum" in parameter and value not in parameter["enum"]:
        return False
    if parameter["type"] == "boolean":
        return value in {"true", "false"}
    if parameter["type"] == "integer" or parameter.get("format") in {"uint64", "int64"}:
        return value.isdecimal()
    return True


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    definitions = {key: _converted(schema) for key, schema in document()["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})


_PATTERNS = {"uint64": r"^\d{1,20}$", "int64": r"^-?\d{1,19}$", "byte": r"^[A-Za-z0-9_=-]*$"}


def _converted(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    made: dict[str, Any] = {"type": schema["type"]} if schema.get("type") != "any" else {}
    if schema.get("type") == "string" and schema.get("format") in _PATTERNS:
        made["pattern"] = _PATTERNS[schema["format"]]
    if "enum" in schema:
        made["enum"] = schema["enum"]
    if "items" in schema:
        made["items"] = _converted(schema["items"])
    if "properties" in schema:
        made["properties"] = {name: _converted(one) for name, one in schema["properties"].items()}
        made["additionalProperties"] = False
    return made


@functools.cache
def _parsed(fields: str) -> dict[str, Any]:
    """Return the tree that `a,b/c,d(e,f/g)` names."""
    tokens = re.findall(r"[\w*]+|[(),/]", fields)
    assert "".join(tokens) == fields, f"fields={fields} cannot be read"
    tree, rest = _listed(tokens)
    assert not rest
    return tree


def _listed(tokens: list[str]) -> tuple[dict[str, Any], list[str]]:
    tree: dict[str, Any] = {}
    while tokens and tokens[0] != ")":
        if tokens[0] == ",":
            tokens = tokens[1:]
        below, tokens = _one(tokens)
        tree |= below
    return tree, tokens


def _one(tokens: list[str]) -> tuple[dict[str, Any], list[str]]:
    name, tokens = tokens[0], tokens[1:]
    below: dict[str, Any] = {}
    if tokens[:1] == ["/"]:
        below, tokens = _one(tokens[1:])
    elif tokens[:1] == ["("]:
        below, tokens = _listed(tokens[1:])
        assert tokens[0] == ")"
        tokens = tokens[1:]
    return {name: below}, tokens


def _pick(said: Any, tree: dict[str, Any]) -> Any:
    if not tree:
        return said
    if isinstance(said, list):
        return [_pick(one, tree) for one in said]
    return {name: _pick(said[name], below) for name, below in tree.items() if name in said}
