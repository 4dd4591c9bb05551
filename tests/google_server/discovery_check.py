"""Every request held against Google's own description of its API: the discovery document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import googleapiclient

from tests.google_server.exchange import Request, Response
from tests.google_server.field_masks import check_mask, parse_mask

DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
LOCAL_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
KINDS: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@dataclass(frozen=True)
class Method:
    """One method of one API, as the document describes it."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    described: dict[str, Any]
    api: Api

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.described.get("scopes", ()))


class Api:
    """One discovery document: its methods and schemas."""

    def __init__(self, document: str) -> None:
        text = (DOCUMENTS / document).read_text(encoding="utf-8")
        self.described: dict[str, Any] = json.loads(text)
        self.schemas: dict[str, Any] = self.described["schemas"]
        self.methods = list(self._methods(self.described))

    def _methods(self, resource: dict[str, Any]) -> Iterator[Method]:
        for described in resource.get("methods", {}).values():
            path = "/" + self.described["servicePath"] + described["path"]
            pieces = re.split(r"\{\+?(\w+)\}", path)
            pattern = "".join(
                f"(?P<{piece}>[^/]+?)" if odd % 2 else re.escape(piece)
                for odd, piece in enumerate(pieces)
            )
            yield Method(
                described["id"], described["httpMethod"], re.compile(pattern), described, self
            )
        for inner in resource.get("resources", {}).values():
            yield from self._methods(inner)


@cache
def apis() -> tuple[Api, ...]:
    return Api("calendar.v3.json"), Api("sheets.v4.json")


def find_method(request: Request) -> Method | None:
    """The method asked for; its path parameters are put into the request."""
    for api in apis():
        for method in api.methods:
            found = method.pattern.fullmatch(request.path)
            if found and method.verb == request.method:
                request.params = {key: unquote(value) for key, value in found.groupdict().items()}
                request.name = method.id
                return method
    return None


def violations(request: Request, method: Method) -> list[str]:
    """What is wrong with a request by the document, in words."""
    return [*_query(request, method), *_body(request, method)]


def _query(request: Request, method: Method) -> Iterator[str]:
    own = {
        name: described
        for name, described in method.described.get("parameters", {}).items()
        if described.get("location") == "query"
    }
    known = {**method.api.described["parameters"], **own}
    for name, described in own.items():
        if described.get("required") and not request.all(name):
            yield f"the parameter {name} is missing"
    for name in dict.fromkeys(key for key, _ in request.query):
        if name not in known:
            yield f"no such parameter: {name}"
            continue
        values = request.all(name)
        if len(values) > 1 and not known[name].get("repeated"):
            yield f"the parameter {name} is given {len(values)} times"
        for value in values:
            yield from _text(value, known[name], name)
    mask = request.first("fields")
    if mask is not None:
        answered = method.described.get("response", {"properties": {}})
        yield from check_mask(mask, answered, method.api.schemas)


def _text(value: str, described: dict[str, Any], name: str) -> Iterator[str]:
    """A parameter of the query, which always comes as text."""
    kind = described["type"]
    if kind == "boolean" and value not in ("true", "false"):
        yield f"{name} is {value!r}, not true or false"
    if kind == "integer":
        if not re.fullmatch(r"-?\d+", value):
            yield f"{name} is {value!r}, not a whole number"
        else:
            yield from _bounds(int(value), described, name)
    if kind == "string":
        yield from _format(value, described, name, STAMP)


def _bounds(value: int, described: dict[str, Any], name: str) -> Iterator[str]:
    least = int(described.get("minimum", -(2**31)))
    most = int(described.get("maximum", 2**31 - 1))
    if not least <= value <= most:
        yield f"{name} is {value}, not between {least} and {most}"


def _format(
    value: str, described: dict[str, Any], where: str, stamp: re.Pattern[str]
) -> Iterator[str]:
    if "enum" in described and value not in described["enum"]:
        yield f"{where} is {value!r}, not one of {described['enum']}"
    form = described.get("format")
    if form in ("date-time", "google-datetime") and not stamp.fullmatch(value):
        yield f"{where} is {value!r}, not an RFC 3339 time"
    if form == "date" and not DAY.fullmatch(value):
        yield f"{where} is {value!r}, not a date yyyy-mm-dd"
    if form == "int64" and not re.fullmatch(r"-?\d+", value):
        yield f"{where} is {value!r}, not a whole number as text"


def _body(request: Request, method: Method) -> Iterator[str]:
    schema = method.described.get("request")
    if not request.body.strip():
        if schema and method.verb in ("PUT", "PATCH"):
            yield "a body is missing"
        return
    if schema is None:
        yield "a body where none belongs"
        return
    if not request.headers.get("content-type", "").startswith("application/json"):
        yield f"Content-Type is {request.headers.get('content-type')!r}, not application/json"
    try:
        value = request.json
    except ValueError as error:
        yield f"the body is not JSON: {error}"
        return
    yield from _value(value, schema, method.api.schemas, "body", method.id)


def _value(
    value: Any, schema: dict[str, Any], schemas: dict[str, Any], where: str, asked: str
) -> Iterator[str]:
    """A value of the body against its schema; null means: as if it were not there."""
    name = schema.get("$ref")
    if name:
        schema = {**schema, **schemas[name]}
    kind = schema.get("type", "object")
    if kind == "any" or value is None:
        return
    if not isinstance(value, KINDS[kind]) or (kind != "boolean" and isinstance(value, bool)):
        yield f"{where} is {value!r}, not of type {kind}"
    elif kind == "object":
        yield from _object(value, schema, schemas, where, asked)
    elif kind == "array":
        for index, one in enumerate(value):
            yield from _value(one, schema["items"], schemas, f"{where}[{index}]", asked)
    elif kind == "string":
        # a time in an event may leave the offset to its timeZone
        lenient = name is None and where.endswith(("start.dateTime", "end.dateTime"))
        local = lenient and LOCAL_STAMP.fullmatch(value)
        yield from _format(value, schema, where, LOCAL_STAMP if local else STAMP)
    elif kind == "integer":
        yield from _bounds(value, schema, where)


def _object(
    value: dict[str, Any], schema: dict[str, Any], schemas: dict[str, Any], where: str, asked: str
) -> Iterator[str]:
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties")
    for name, described in properties.items():
        if asked in described.get("annotations", {}).get("required", ()) and name not in value:
            yield f"{where}.{name} is missing"
    for name, one in value.items():
        described = properties.get(name, rest)
        if described is None:
            yield f"no such field: {where}.{name}"
        else:
            yield from _value(one, described, schemas, f"{where}.{name}", asked)


def answer_violations(response: Response, method: Method) -> list[str]:
    """What is wrong with our own answer by the document: this server, too, is checked."""
    schema = method.described.get("response")
    if response.status != 200 or schema is None:
        return []
    return list(_value(json.loads(response.body), schema, method.api.schemas, "answer", ""))


def trim(response: Response, request: Request) -> Response:
    """Only the fields asked for."""
    mask = request.first("fields")
    if mask is None or response.status != 200:
        return response
    kept = parse_mask(mask).applied(json.loads(response.body))
    body = json.dumps(kept, ensure_ascii=False, indent=1).encode()
    return Response(200, body, response.headers)
