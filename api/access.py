"""One log line for each request: what kind of thing was asked and what was answered, not by whom nor about whom."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNKNOWN_ROUTE = "(none)"

_log = structlog.stdlib.get_logger("api.access")


class AccessLog:
    """Logs method, route template, status and duration. Ids in the path, query and address stay out."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log what came of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            _log.info("request", method=scope["method"], route=route, status=status, milliseconds=milliseconds)
