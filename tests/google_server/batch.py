"""POST /batch/calendar/v3: many calls in one request, each answered by itself."""

from __future__ import annotations

import email.parser
import email.policy
import uuid
from collections.abc import Callable
from email.message import Message
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from tests.google_server.exchange import Request, Response, bad

if TYPE_CHECKING:
    from tests.google_server.state import State


def run_batch(state: State, request: Request, carry_out: Callable[[Request], Response]) -> Response:
    """Each part through `carry_out`.  Raises Refusal for a batch that is no batch."""
    kind = request.headers.get("content-type", "")
    raw = b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body
    message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(raw)
    if message.get_content_type() != "multipart/mixed" or not message.is_multipart():
        state.violate(request, "a batch is multipart/mixed")
        raise bad("Failed to parse batch request, error: 0 items. Received batch body: ")
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    if len(parts) > state.knobs.most_in_batch:
        state.violate(request, f"{len(parts)} calls in one batch")
        raise bad(f"The batch request contains more than {state.knobs.most_in_batch} calls.")
    inner = [(part.get("Content-ID", ""), read_part(part, request)) for part in parts]
    request.parts = [one for _, one in inner]
    if state.knobs.batch_reversed:
        inner.reverse()
    boundary = f"batch_{uuid.uuid4().hex}"
    pieces = []
    for content_id, one in inner:
        answered = carry_out(one)
        one.status = answered.status
        name = f"<response-{content_id.strip().removeprefix('<')}" if content_id else ""
        pieces.append(_piece(boundary, name, answered))
    body = b"".join(pieces) + f"--{boundary}--\r\n".encode()
    return Response(200, body, {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def read_part(part: Message, outer: Request) -> Request:
    """The call within a part; what it does not say of itself, the whole request says."""
    text = part.get_payload(decode=True)
    assert isinstance(text, bytes)
    first, _, rest = text.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    words = first.decode("latin-1").split(" ")
    if part.get_content_type() != "application/http" or len(words) < 2:
        raise bad("Failed to parse batch request.")
    target = urlsplit(words[1])
    headers = {key: value for key, value in outer.headers.items() if key == "authorization"}
    parsed = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(head + b"\n\n")
    headers |= {key.lower(): str(value) for key, value in parsed.items()}
    return Request(
        words[0],
        target.path,
        parse_qsl(target.query, keep_blank_values=True),
        headers,
        body.strip(),
        in_batch=True,
    )


def _piece(boundary: str, content_id: str, answered: Response) -> bytes:
    lines = [f"--{boundary}", "Content-Type: application/http"]
    if content_id:
        lines.append(f"Content-ID: {content_id}")
    phrase = HTTPStatus(answered.status).phrase
    lines += ["", f"HTTP/1.1 {answered.status} {phrase}"]
    lines += [f"{key}: {value}" for key, value in answered.headers.items()]
    lines += [f"Content-Length: {len(answered.body)}", "", ""]
    return "\r\n".join(lines).encode() + answered.body + b"\r\n"
