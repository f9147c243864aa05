"""What a request carries, read as far as it may be large and no further, before anything makes sense of it."""

from typing import Final

from starlette.requests import Request

from api.commands.faults import Fault, MalformedRequest
from domain.decision import Refused
from domain.json_in import NotJson, read_json
from domain.text import Text

MOST_JSON_BYTES: Final = 2 * 1024 * 1024


class TooLarge(Refused):
    """More was sent than is taken (413)."""

    def __init__(self, most_bytes: int) -> None:
        """Say how much is taken."""
        super().__init__("too-large", _too_large(most_bytes))


class AnotherType(Refused):
    """What was sent is not said to be JSON (415): another site's page can make a browser send anything else."""


async def read_bytes(request: Request, most_bytes: int) -> bytes:
    """Return the body; raises `TooLarge` as soon as it is known to be, without having kept it."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and len(announced) < 19 and int(announced) > most_bytes:  # noqa: PLR2004 - of 64 bits
        raise TooLarge(most_bytes)
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most_bytes:
            raise TooLarge(most_bytes)
    return bytes(found)


async def read_object(request: Request) -> dict[str, object]:
    """Return the JSON object that a request carries, an empty one where it carries nothing.

    Raises `TooLarge`, and `MalformedRequest` where it is not JSON as it is taken here: no field twice, no NaN.
    """
    body = await read_bytes(request, MOST_JSON_BYTES)
    if not body.strip():
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise AnotherType("another-type", _ANOTHER_TYPE)
    try:
        found = read_json(body)
    except NotJson as error:
        raise MalformedRequest([Fault("", "not-json")]) from error
    if not isinstance(found, dict):
        raise MalformedRequest([Fault("", "not-an-object")])
    return found


_ANOTHER_TYPE = Text(
    "请以 Content-Type: application/json 提交 JSON。", "Send JSON, and say so: Content-Type: application/json."
)


def _too_large(most_bytes: int) -> Text:
    most = most_bytes // (1024 * 1024)
    return Text(
        f"提交的内容超过 {most} MB；请缩小或分次提交。",
        f"That is larger than {most} MB; make it smaller, or send it in parts.",
    )
