"""Logs: one line for each thing that happened, JSON unless somebody is looking, and no personal data.

What an exception says may quote what somebody wrote, so a line names its kind and where it was raised, never its words.
"""

import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast

import structlog
from asgi_correlation_id import correlation_id
from structlog.typing import EventDict, Processor

OURS = ("api", "cli", "ledger", "projections", "uvicorn")
"""Loggers whose lines are wanted; of all others only what went wrong."""
QUIET = ("uvicorn.access",)
"""Loggers that would write addresses and whole paths."""

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(stream: TextIO | None = None, *, as_json: bool | None = None, level: int = logging.INFO) -> None:
    """Send all logs of this process to `stream` (stderr); as JSON, or where it is a terminal for people to read."""
    target = sys.stderr if stream is None else stream
    plain = target.isatty() if as_json is None else not as_json
    shared: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        add_request_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    _send_to(target, level, shared, _renderer(plain=plain))


def _renderer(*, plain: bool) -> Processor:
    if plain:
        return structlog.dev.ConsoleRenderer(colors=False)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _send_to(target: TextIO, level: int, shared: Sequence[Processor], render: Processor) -> None:
    handler = logging.StreamHandler(target)
    steps = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, render]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=list(shared), processors=steps))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in QUIET:
        quiet = logging.getLogger(name)
        quiet.handlers = []
        quiet.propagate = False


def add_request_id(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Add the request's id, where there is a request."""
    identity = correlation_id.get()
    if identity is not None:
        event["request_id"] = identity
    return event


def without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its kind and the places it went through."""
    info = _exception_info(event.pop("exc_info", None))
    if info is not None:
        kind, error, trace = info
        causes = [type(cause).__name__ for cause in _causes(error)]
        event["fault"] = " from ".join([kind.__name__, *causes])
        event["at"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    event.pop("stack_info", None)
    return event


def _exception_info(given: Any) -> ExceptionInfo | None:  # noqa: ANN401 - True, an exception, or a triple
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    found = given if isinstance(given, tuple) else sys.exc_info() if given else (None, None, None)
    return None if found[0] is None else cast("ExceptionInfo", found)


def _causes(error: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    while error.__cause__ is not None and error.__cause__ not in causes:
        error = error.__cause__
        causes.append(error)
    return causes
