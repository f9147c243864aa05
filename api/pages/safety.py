"""What every answer tells the browser to refuse: scripts, styles and addresses that are not ours, frames, guessing."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS: Final = ("script-src", "style-src", "font-src", "connect-src", "form-action")
_ELSE: Final = ("default-src 'none'", "img-src 'self' data:", "frame-ancestors 'none'", "base-uri 'none'")
CONTENT_SECURITY_POLICY: Final = "; ".join((*_ELSE, *(f"{kind} 'self'" for kind in _OURS)))
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Not `no-referrer`: under it a form says that it comes from nowhere, and could not be told from a stranger's.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Safety:
    """Puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers."""

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, safely if scope["type"] == "http" else send)
