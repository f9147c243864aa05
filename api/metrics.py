"""What a monitor reads: how many requests, how long, how they ended, and where ledger, views and disk stand.

Routes are named by their template, never by what stands in a path; what belongs to ballots is not counted at all, for
the time of a request would say when somebody voted.
"""

import os
import time
from collections.abc import Callable, Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.ability import Ability
from api.access import UNKNOWN_ROUTE
from api.doors import SignedIn
from api.principal import Principal
from api.queries.schemas import sends
from domain.appointments import Offices
from domain.dates import civil_date
from domain.decision import NotPermitted
from domain.roles import OPERATOR
from domain.text import Text
from ledger.ledger import Ledger
from projections.engine import Follower

SEVERAL_PROCESSES: Final = "PROMETHEUS_MULTIPROC_DIR"
BALLOTS: Final = "/ballots"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one process; where several serve together, each answers for all."""

    def __init__(self, ledger: Ledger, follower: Follower, ability: Ability) -> None:
        """Count requests, and ask ledger, views and ability when the monitor does."""
        self.registry = CollectorRegistry()
        own = None if SEVERAL_PROCESSES in os.environ else self.registry
        labels = ("method", "route", "status")
        self.requests = Counter("starledger_http_requests", "requests answered", labels, registry=own)
        self.seconds = Histogram(
            "starledger_http_request_seconds", "time to answer", ("route",), buckets=SECONDS, registry=own
        )
        if own is None:
            MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]
        self.registry.register(_Standing(ledger, follower, ability))

    def text(self) -> bytes:
        """Return everything in the format of Prometheus."""
        return generate_latest(self.registry)


class _Standing(Collector):
    """Where the ledger stands, asked at the moment."""

    def __init__(self, ledger: Ledger, follower: Follower, ability: Ability) -> None:
        self._ledger, self._follower, self._ability = ledger, follower, ability

    def describe(self) -> Iterable[Metric]:
        """Return nothing: to be registered, no database is asked."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield the gauges."""
        size = self._ledger.head().size
        yield GaugeMetricFamily("starledger_ledger_facts", "facts recorded", size)
        behind = GaugeMetricFamily("starledger_view_behind_facts", "facts a view lacks", labels=["view"])
        for name, position in self._follower.positions().items():
            behind.add_metric([name], max(0, size - position))
        yield behind
        faulty = len(self._follower.faults)
        yield GaugeMetricFamily("starledger_views_faulty", "views that cannot take a fact", faulty)
        able = self._ability.hindrance() is None
        yield GaugeMetricFamily("starledger_records", "1 where commands are recorded, 0 where reads alone go on", able)


class Counting:
    """Counts requests."""

    def __init__(self, app: ASGIApp, metrics: Metrics, monotonic: Callable[[], float] = time.perf_counter) -> None:
        """Wrap `app`."""
        self._app, self._metrics, self._monotonic = app, metrics, monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count what came of it."""
        if scope["type"] != "http" or scope["path"].startswith(BALLOTS):
            await self._app(scope, receive, send)
            return
        status, started = 500, self._monotonic()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
            self._metrics.requests.labels(scope["method"], route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(self._monotonic() - started)


def metrics_router(ledger: Ledger, metrics: Metrics) -> APIRouter:
    """Return the route that the monitor asks with an API key of the operator's."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics", **sends("readMetrics", "text/plain"))
    def read_metrics(operator: Annotated[Principal, Depends(SignedIn("read"))]) -> Response:
        """Return the metrics in the format of Prometheus; for whoever runs the installation."""
        offices, today = ledger.fold(Offices), civil_date(ledger.clock.unchecked())
        if not isinstance(offices, Offices) or not offices.holds(operator.person, (OPERATOR,), None, today):
            raise NotPermitted("operator-only", _OPERATOR_ONLY)
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router


_OPERATOR_ONLY = Text("运行指标只供系统管理员查看。", "The metrics are for whoever runs the installation.")
