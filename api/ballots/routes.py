"""What can be asked of a ballot box over HTTP: one's sheet by name or by slip, paper by two tellers."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from api.commands.bodies import read_object
from api.commands.faults import Fault, MalformedRequest
from api.commands.recording import Recording
from api.doors import ANYBODY, Reader, Recorder
from api.problems import language_of
from domain.ballot_sheets import Marks
from domain.decision import Refused
from ledger.ballot_marks import RECORDED, UNREADABLE, read_marks
from ledger.ballot_paper import compare_sheets, key_in, take_back

EVEN_IF_VOID: Final = "even_if_void"


class Taken(BaseModel):
    """The sheet is in the box; neither when nor under which number."""

    taken: bool = True
    recorded: str


class BoxSaid(BaseModel):
    """How many sheets went out and came back; never what is on them."""

    box: str
    entitled: int
    issued: int
    returned: int
    closes_by: str | None
    over: bool


class Differing(BaseModel):
    """A paper sheet that was not keyed in twice alike: its number and rows, never what stands there."""

    group: str
    number: int
    keyed_by: list[str]
    rows: list[int]


def ballots_router(recording: Recording) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/ballots/boxes/{box}")
    _add_voting(router, recording)
    _add_paper(router, recording)
    return router


def _add_voting(router: APIRouter, recording: Recording) -> None:
    @router.post("/sheets")
    async def vote(box: str, request: Request, voter: Recorder) -> Taken:
        """Drop one's own sheet into the box; voting again before the close replaces it."""
        sheet = _Sheet(await read_object(request))
        await run_in_threadpool(_vote, recording, box, voter.person, sheet)
        return Taken(recorded=RECORDED.said_in(language_of(request)))

    @router.post("/slip-sheets", dependencies=[ANYBODY])
    async def vote_by_slip(box: str, request: Request) -> Taken:
        """Drop the sheet of whoever holds a one-time slip: its code says that he may, and nothing who he is."""
        sheet = _Sheet(await read_object(request))
        await run_in_threadpool(_vote_by_slip, recording, box, sheet.code, sheet)
        return Taken(recorded=RECORDED.said_in(language_of(request)))

    @router.get("")
    def status(box: str, _reader: Reader) -> BoxSaid:
        """Say how many sheets went out and came back."""
        found = recording.keeper().status(box)
        closes_by = None if found.closes_by is None else found.closes_by.isoformat()
        return BoxSaid(
            box=found.box,
            entitled=found.entitled,
            issued=found.issued,
            returned=found.returned,
            closes_by=closes_by,
            over=found.over,
        )


def _add_paper(router: APIRouter, recording: Recording) -> None:
    @router.put("/paper/{group}/{number}")
    async def key(box: str, group: str, number: int, request: Request, teller: Recorder) -> Taken:
        """Key in a sheet of paper, as one of two tellers; both must read the same before the box can be closed."""
        sheet = _Sheet(await read_object(request))

        def keyed() -> None:
            with recording.keeper().lent(box) as held:
                key_in(held, group, number, sheet.marks, actor=teller.person)

        await run_in_threadpool(keyed)
        return Taken(recorded=RECORDED.said_in(language_of(request)))

    @router.delete("/paper/{group}/{number}", status_code=204)
    def withdraw(box: str, group: str, number: int, teller: Recorder) -> None:
        """Take back what one keyed in under a number."""
        with recording.keeper().lent(box) as held:
            take_back(held, group, number, actor=teller.person)

    @router.get("/differences")
    def differences(box: str, teller: Reader) -> list[Differing]:
        """Say which paper sheets the two tellers have keyed in differently."""
        with recording.keeper().lent(box) as held:
            found = compare_sheets(held, actor=teller.person)
        return [
            Differing(group=each.group, number=each.number, keyed_by=list(each.keyed_by), rows=list(each.rows))
            for each in found
        ]


class _Sheet:
    """What a request says: marks, a slip's code, whether to cast it even if void; shown to nobody, not even by repr."""

    __slots__ = ("_said",)

    def __init__(self, said: dict[str, object]) -> None:
        """Hold it; `MalformedRequest` for a field that is none."""
        if not said.keys() <= {"marks", "slip", EVEN_IF_VOID}:
            raise MalformedRequest([Fault("…", "unknown-field")])
        self._said = said

    @property
    def marks(self) -> Marks:
        """Return the marks; `Refused` where they are none."""
        if not isinstance(self._said.get("marks"), dict):
            raise Refused("sheet-unreadable", UNREADABLE)
        return read_marks(self._said["marks"])

    @property
    def code(self) -> str:
        """Return the slip's code; `MalformedRequest` without one."""
        code = self._said.get("slip")
        if not isinstance(code, str):
            raise MalformedRequest([Fault("slip", "missing")])
        return code

    @property
    def even_void(self) -> bool:
        """Return whether it is to be cast although it would be void."""
        return self._said.get(EVEN_IF_VOID) is True


def _vote(recording: Recording, box: str, person: str, sheet: _Sheet) -> None:
    recording.keeper().vote(box, person, sheet.marks, even_void=sheet.even_void)


def _vote_by_slip(recording: Recording, box: str, code: str, sheet: _Sheet) -> None:
    recording.keeper().vote_by_slip(box, code, sheet.marks, even_void=sheet.even_void)
