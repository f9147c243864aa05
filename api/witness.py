"""A witness over HTTP: two routes, no account, nothing read but what the protocol says (c2sp.org/tlog-witness)."""

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.access import AccessLog
from ledger.witness import PLAIN, UNKNOWN, Answer, Witness

MOST_BYTES = 65_536
TOO_LARGE = 413


def create_witness_app(witness: Witness) -> FastAPI:
    """Return the application of one witness; whoever runs it binds it to loopback, or behind a proxy with TLS."""
    app = FastAPI(title="Starledger witness", docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        """Return the cosignature, or why there is none."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return Response(status_code=TOO_LARGE)
        return _said(await run_in_threadpool(witness.add_checkpoint, body))

    @app.get("/{origin_hash}/checkpoint")
    def checkpoint(origin_hash: str) -> Response:
        """Return the newest checkpoint cosigned of a log, with the cosignature."""
        seen = witness.seen(origin_hash)
        return Response(status_code=UNKNOWN) if seen is None else Response(seen, media_type=PLAIN)

    app.add_middleware(AccessLog)
    return app


def _said(answer: Answer) -> Response:
    return Response(answer.body, answer.status, {"Content-Type": answer.content_type})
