"""Static files under names that hold their hash, so that a browser keeps them for good and never keeps an old one."""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.doors import ANYBODY
from domain.decision import NotFound
from domain.text import Text

STATIC: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static/"
SERVED: Final = (".css", ".js", ".svg")
HASH_SHOWN: Final = 12
FOR_GOOD: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is served: its name in the address, its bytes, and the same in less."""

    name: str
    media_type: str
    content: bytes
    packed: bytes


@cache
def assets() -> Mapping[str, Asset]:
    """Return the static files that are served, by their path below `static`."""
    found = (path for path in sorted(STATIC.rglob("*")) if path.suffix in SERVED)
    return {path.relative_to(STATIC).as_posix(): _asset(path) for path in found}


@cache
def _by_name() -> Mapping[str, Asset]:
    return {asset.name: asset for asset in assets().values()}


def address_of(path: str) -> str:
    """Return the address of a static file, as templates link it; `KeyError` where there is none."""
    return PREFIX + assets()[path].name


def assets_router() -> APIRouter:
    """Return the route that serves static files to everybody."""
    router = APIRouter(include_in_schema=False, dependencies=[ANYBODY])

    @router.get(PREFIX + "{name}")
    def static(name: str, request: Request) -> Response:
        """Return a file, packed where the browser takes it so."""
        asset = _by_name().get(name)
        if asset is None:
            raise NotFound("unknown-file", _NO_FILE)
        headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
        return packed(request, asset.content, asset.packed, asset.media_type, headers)

    return router


def packed(request: Request, content: bytes, smaller: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return content, in its smaller form where the one who asks takes that."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(smaller, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(content, media_type=media_type, headers=dict(headers))


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    name = f"{path.stem}.{sha256(content).hexdigest()[:HASH_SHOWN]}{path.suffix}"
    media_type = mimetypes.types_map[path.suffix]
    return Asset(name, media_type, content, gzip.compress(content, mtime=0))


_NO_FILE = Text("没有这个文件；请刷新页面。", "There is no such file; load the page again.")
