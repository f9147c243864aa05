"""The journal: every fact in order with its two clocks, filtered; timelines of one thing; one fact as it is stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.doors import Reader
from api.moments import position_asked
from api.pages.site import Site, Visit
from api.queries.proofs import inclusion
from domain.decision import NotFound, Selector
from domain.text import Text
from projections.answers.auditing import notes_of
from projections.answers.facts import facts_told
from projections.fact_notes import WITHHELD, FactNote
from projections.history import REVISIONS

LINES: Final = 60
STEP: Final = 400
MOST_STEPS: Final = 10
KINDS: Final[Mapping[str, Text]] = {
    "person": Text("人员", "person"),
    "round": Text("评定", "round"),
    "objection": Text("异议", "objection"),
    "branch": Text("支部", "branch"),
}
Asked = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Sought:
    """What part of the journal is asked for."""

    kind: str = ""
    thing: str = ""
    actor: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    late: bool = False
    revised: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags that all facts asked for have."""
        return (f"{self.kind}:{self.thing}",) if self.kind and self.thing else ()

    @property
    def person(self) -> str | None:
        """Return whose facts are asked for, None where not one person's."""
        return self.thing if self.kind == "person" and self.thing else None

    def matches(self, note: FactNote) -> bool:
        """Return whether a note is asked for; what is withheld matches nothing that was not shown."""
        return (
            self.actor in ("", note.actor)
            and note.type.startswith(self.action)
            and (note.late or not self.late)
            and (note.type.startswith(REVISIONS) or not self.revised)
        )


@dataclass(frozen=True, slots=True)
class Unshown:
    """Facts in a row that this reader is not shown, for one reason."""

    first: int
    last: int
    count: int
    reason: Text


def journal_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/audit")
    def audit(request: Request, reader: Reader) -> Response:
        """Show where an auditor begins: from a claim, or from the record."""
        with site.visit(request, reader) as visit:
            return visit.page("audit/index.html", {"kinds": KINDS})

    @router.get("/audit/journal")
    def journal(  # noqa: PLR0913 - each filter is a parameter
        request: Request,
        reader: Reader,
        kind: Asked = "",
        thing: Asked = "",
        actor: Asked = "",
        action: Asked = "",
        since: Asked = "",
        until: Asked = "",
        before: Annotated[int | None, Query(ge=1, lt=10**15)] = None,
        *,
        late: bool = False,
        revised: bool = False,
    ) -> Response:
        """Show facts, the newest first, each in one sentence; late ones are marked (A1, A5)."""
        sought = Sought(
            kind if kind in KINDS else "", thing.strip(), actor.strip(), action, since, until, late, revised
        )
        about = {"branch": "branch", "round": "round_id", "person": "person"}.get(sought.kind)
        with site.visit(request, reader, **({about: sought.thing} if about and sought.thing else {})) as visit:
            notes, older = _page(visit, sought, before)
            content = {
                "sought": sought,
                "kinds": KINDS,
                "notes": list(_gathered(notes)),
                "older": older,
                "before": before,
            }
            return visit.page("audit/journal.html", content)

    @router.get("/facts/{position}")
    def fact(position: int, request: Request, reader: Reader) -> Response:
        """Show one fact: in a sentence, as it is stored, with its hash and the proof that it is in the tree."""
        with site.visit(request, reader) as visit:
            if not 0 < position <= visit.position:
                raise NotFound("unknown-fact", _no_fact(position))
            (told,) = facts_told(visit.ledger, visit.curtain, position - 1, position)
            facts = list(visit.ledger.read(after=position - 1, upto=position))
            content = {
                "fact": told,
                "note": next(iter(notes_of(facts, None, visit.curtain, visit.upto)), None),
                "tags": () if told.entry is None else msgspec.json.decode(told.entry).get("tags", ()),
                "proof": inclusion(visit.ledger, position, visit.position),
            }
            return visit.page("audit/fact.html", content)

    return router


def _page(visit: Visit, sought: Sought, before: int | None) -> tuple[list[FactNote], int | None]:
    """Return a page of notes, the newest first, and before which position the next one begins; None at the end."""
    last = visit.position if not sought.until else min(visit.position, position_asked(visit.ledger, sought.until))
    first = 0 if not sought.since else position_asked(visit.ledger, sought.since)
    last = last if before is None else min(last, before - 1)
    found: list[FactNote] = []
    for lowest, notes in _steps(visit, sought, first, last):
        found += [each for each in notes if sought.matches(each)]
        if len(found) > LINES:
            return found[:LINES], found[LINES - 1].position
        last = lowest
    return found, last + 1 if last > first else None


def _gathered(notes: Iterable[FactNote]) -> Iterator[FactNote | Unshown]:
    """Yield notes, neighbours that are withheld for one reason as one line: that they are there, and why not shown."""
    for reason, run in groupby(notes, key=lambda each: each.sentence if each.type == WITHHELD else None):
        together = list(run)
        if reason is None or len(together) == 1:
            yield from together
        else:
            yield Unshown(together[-1].position, together[0].position, len(together), reason)


def _steps(visit: Visit, sought: Sought, first: int, last: int) -> Iterator[tuple[int, list[FactNote]]]:
    """Yield stretches of the journal backwards, with the position before each."""
    selectors = (Selector(tags=sought.tags),) if sought.tags else ()
    for _ in range(MOST_STEPS):
        if last <= first:
            return
        # What has a tag is few: it is read at once.
        lowest = first if selectors else max(first, last - STEP)
        facts = list(visit.ledger.read(selectors, after=lowest, upto=last))
        yield lowest, notes_of(facts, sought.person, visit.curtain, visit.upto)[::-1]
        last = lowest


def _no_fact(position: int) -> Text:
    return Text(f"没有第 {position} 条事实；请核对。", f"There is no fact {position}; check.")
