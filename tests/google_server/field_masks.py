"""The `fields` parameter: "items(id,start/dateTime),nextPageToken", read, checked, applied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r"[\w*$-]+|[,/.()]")


@dataclass
class Mask:
    """A tree of names; a leaf means everything below."""

    inner: dict[str, Mask] = field(default_factory=dict)

    def applied(self, value: Any) -> Any:
        if not self.inner:
            return value
        if isinstance(value, list):
            return [self.applied(one) for one in value]
        if not isinstance(value, dict):
            return value
        every = self.inner.get("*")
        return {
            name: (self.inner.get(name) or every or Mask()).applied(one)
            for name, one in value.items()
            if name in self.inner or every is not None
        }


def parse_mask(text: str) -> Mask:
    """Raises ValueError."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != text or not tokens:
        raise ValueError(text)
    root = Mask()
    _list(tokens, [root])
    if tokens:
        raise ValueError(text)
    return root


def _list(tokens: list[str], parents: list[Mask]) -> list[Mask]:
    """Read "a,b/c,d(e)" under each of the parents; gives the leaves."""
    leaves = _path(tokens, parents)
    while tokens and tokens[0] == ",":
        tokens.pop(0)
        leaves += _path(tokens, parents)
    return leaves


def _path(tokens: list[str], parents: list[Mask]) -> list[Mask]:
    if not tokens or tokens[0] in ",/.()":
        raise ValueError("a field's name is missing")
    name = tokens.pop(0)
    here = [parent.inner.setdefault(name, Mask()) for parent in parents]
    if tokens and tokens[0] in "/.":
        tokens.pop(0)
        return _path(tokens, here)
    if tokens and tokens[0] == "(":
        tokens.pop(0)
        leaves = _list(tokens, here)
        if not tokens or tokens.pop(0) != ")":
            raise ValueError("a parenthesis stays open")
        return leaves
    return here


def check_mask(text: str, schema: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """Names of a mask that the answer's schema does not know."""
    try:
        mask = parse_mask(text)
    except ValueError:
        yield f"fields={text!r} cannot be read"
        return
    yield from _unknown(mask, schema, schemas, "")


def _unknown(
    mask: Mask, schema: dict[str, Any], schemas: dict[str, Any], where: str
) -> Iterator[str]:
    while "$ref" in schema or schema.get("type") == "array":
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    properties = schema.get("properties", {})
    for name, inner in mask.inner.items():
        described = properties.get(name, schema.get("additionalProperties"))
        if described is not None:
            yield from _unknown(inner, described, schemas, f"{where}{name}/")
        elif name != "*":
            yield f"no such field to select: {where}{name}"
