"""The keeper of ballot boxes: sheets lie sealed outside the ledger until a box closes; then their counts become facts.

Who has voted is a fact (`domain.ballots`), what was voted lies here, and nothing joins the two (design §3, trap 1).
A drop happens under the box's lock in this order: the ledger is asked whether the voter may; the sheet goes into the
box; the return is recorded, and where that is refused the box is put back. Killed in between, the box holds a sheet
without a recorded return: it was never acknowledged, its voter can vote again, and the close leaves it out.

    killed after          ledger               box         at the close
    nothing               no return            no sheet    –
    the sheet is dropped  no return            a sheet     left out, unless the voter votes again
    the return recorded   a return             a sheet     counted
    the close recorded    closed               still here  destroyed by the next command of the keeper
"""

import os
import re
import typing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from domain.ballot_boxes import Box, keeper_digest
from domain.ballot_closing import CloseBox, Found, VoidBox
from domain.ballot_opening import OpenBox
from domain.ballot_returns import PrintSlips, ReturnSheet
from domain.ballot_sheets import Marks, Sheet, count_sheets, is_void, read_sheet
from domain.ballots import BoxOpened
from domain.decision import NotFound, Refused, replace
from domain.ids import BoxId, PersonId
from domain.text import Text
from ledger.ballot_codes import new_code, read_code
from ledger.ballot_contents import Contents, Dropped, OpenedBox, packed, size_of, unpacked
from ledger.ballot_files import BoxStore
from ledger.ballot_keys import MASTER_BYTES, BoxDamaged, BoxKey
from ledger.ballot_paper import require_agreed
from ledger.failpoints import Failpoint, never
from ledger.ledger import Ledger, Receipt

FAILPOINTS = ("box:dropped", "box:recorded", "box:counted")
_ID = re.compile(r"[\w.\-]{0,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Status:
    """What may be known of a box before it closes: how many sheets went out and came back, never what is on them."""

    box: str
    entitled: int
    issued: int
    returned: int
    closes_by: datetime | None
    over: bool


class Keeper:
    """Keeps the boxes of one ledger."""

    def __init__(
        self,
        ledger: Ledger,
        store: BoxStore,
        *,
        random: Callable[[int], bytes] = os.urandom,
        failpoint: Failpoint = never,
    ) -> None:
        """Keep keys and sheets in `store`, facts in `ledger`."""
        self.ledger = ledger
        self._store = store
        self._random = random
        self._failpoint = failpoint

    # opening and slips

    def open(self, asked: OpenBox, *, actor: str, on_behalf_of: str | None = None) -> Receipt:
        """Open a box under a new key, whose digest takes the place of `asked.keeper`; asked again, it is so already."""
        name = self._name(asked.box)
        with self._store.locked(name):
            known = self._state(asked.box).opened
            if self._store.key(name) is None:
                if known is not None:
                    raise NotFound("box-not-here", _NOT_HERE)
                self._store.keep_key(name, self._random(MASTER_BYTES))
            key = self._key(asked.box)
            command = replace(asked, keeper=keeper_digest(key.keeper_pass))
            try:
                receipt = self.ledger.execute(command, actor=actor, on_behalf_of=on_behalf_of)
            except Refused:
                if known is None:
                    self._store.destroy(name)
                raise
            opened = self._state(asked.box).require_known()
            if self._store.read(name) is None:
                self._put(OpenedBox(Box(asked.box), opened, key, Contents()))
            return receipt

    def print_slips(
        self, box: str, group: str, count: int, *, actor: str, deliver: Callable[[Sequence[str]], None]
    ) -> Receipt:
        """Hand `count` fresh codes to `deliver`, once, and record how many; nobody can be shown them again.

        They are delivered before they are recorded and work only afterwards: what is interrupted costs no voice.
        """
        with self._lent(box) as held:
            sheets = held.contents.sheets
            known = {place: sheet for place, sheet in sheets.items() if sheet.printing <= held.state.printings}
            command = PrintSlips(box=BoxId(box), group=group, count=count, keeper_pass=held.key.keeper_pass)
            self.ledger.preview(command, actor=actor)
            codes = [new_code(self._random) for _ in range(count)]
            fresh = Dropped(group, printing=held.state.printings + 1)
            held.contents.sheets = known | {held.key.place(_slip(code)): fresh for code in codes}
            self._put(held)
            deliver(codes)
            return self.ledger.execute(command, actor=actor)

    # voting

    def voters_sheet(self, box: str, person: str) -> BoxOpened:
        """Return what stands on the sheet of a voter; `Refused` where he may not vote now. Nothing is kept of it."""
        with self._lent(box) as held:
            self.ledger.preview(_return_of(held, person), actor=person)
            return held.opened

    def slips_sheet(self, box: str, code: str) -> BoxOpened:
        """Return what stands on the sheet of whoever holds a slip; `Refused` where it opens nothing now."""
        with self._lent(box) as held:
            self._dropped_by_slip(held, code)
            return held.opened

    def vote(self, box: str, person: str, marks: Marks, *, even_void: bool = False) -> Receipt:
        """Drop a voter's own sheet, in place of one he dropped before.

        `Refused` without a word about the sheet where it does not fit the box or, unless `even_void`, would be void.
        """
        voter = PersonId(person)
        with self._lent(box) as held:
            command = _return_of(held, person)
            self.ledger.preview(command, actor=person)
            rows = _rows(held.opened, marks, voter, even_void=even_void)
            sheets, place = held.contents.sheets, held.key.place(_voter(person))
            before = sheets.get(place)
            sheets[place] = Dropped(held.state.require_voter(voter).group, rows.hex())
            self._put(held)
            self._failpoint("box:dropped")
            try:
                receipt = self.ledger.execute(command, actor=person)
            except Refused:
                self._put_back(held, place, before)
                raise
            self._failpoint("box:recorded")
            return receipt

    def vote_by_slip(self, box: str, code: str, marks: Marks, *, even_void: bool = False) -> None:
        """Drop the sheet of whoever holds a slip. No fact is recorded: not even that this slip was used, or when."""
        with self._lent(box) as held:
            sheet = self._dropped_by_slip(held, code)
            sheet.rows = _rows(held.opened, marks, None, even_void=even_void).hex()
            self._put(held)

    # looking and closing

    def status(self, box: str) -> Status:
        """Return how many sheets went out and came back."""
        state = self._state(box)
        opened = state.require_known()
        entitled = len(opened.voters) + sum(each.count for each in opened.slips)
        if state.ended is not None:
            return Status(box, entitled, state.ended.issued, state.ended.returned or 0, opened.closes_by, over=True)
        with self._lent(box) as held:
            returned = sum(each.sheets for each in _found(held))
            issued = held.state.issued_in_all
        return Status(box, entitled, issued, returned, opened.closes_by, over=False)

    def close(self, box: str, *, actor: str, on_behalf_of: str | None = None) -> Receipt | None:
        """Count the sheets, record the counts as one batch, and destroy key and sheets; None where that was done."""
        self.sweep()
        if self._state(box).ended is not None:
            return None
        with self._lent(box) as held:
            require_agreed(held.contents)
            command = _counted(held)
            receipt = self.ledger.execute(command, actor=actor, on_behalf_of=on_behalf_of)
            self._failpoint("box:counted")
            self._store.destroy(self._name(box))
            return receipt

    def void(self, box: str, why: str, *, actor: str, on_behalf_of: str | None = None) -> Receipt:
        """Record that a box does not count, also where it is lost, and destroy what is left of it."""
        command = VoidBox(box=BoxId(box), why=why)
        with self._store.locked(self._name(BoxId(box))):
            receipt = self.ledger.execute(command, actor=actor, on_behalf_of=on_behalf_of)
            self._store.destroy(self._name(BoxId(box)))
            return receipt

    def sweep(self) -> None:
        """Destroy what is left of boxes that are over: their keeper was interrupted after the close was recorded."""
        prefix = self._name(BoxId(""))
        for name in self._store.names():
            if not name.startswith(prefix):
                continue
            with self._store.locked(name):
                if self._state(name.removeprefix(prefix)).ended is not None:
                    self._store.destroy(name)

    # within

    @contextmanager
    def lent(self, box: str) -> Iterator[OpenedBox]:
        """Lend an open box to its tellers; what they change is kept when they are done."""
        with self._lent(box) as held:
            yield held
            self._put(held)

    @contextmanager
    def _lent(self, box: str) -> Iterator[OpenedBox]:
        name = self._name(box)
        with self._store.locked(name):
            state = self._state(box)
            opened, sealed = state.require_open(), self._store.read(name)
            if sealed is None or self._store.key(name) is None:
                raise NotFound("box-not-here", _NOT_HERE)
            key = self._key(box)
            yield OpenedBox(state, opened, key, self._disclosed(key, sealed))

    def _put(self, held: OpenedBox) -> None:
        self._store.write(self._name(held.opened.box), self._enclosed(held))

    def _dropped_by_slip(self, held: OpenedBox, code: str) -> Dropped:
        held.state.require_voting(self._now())
        sheet = held.contents.sheets.get(held.key.place(_slip(read_code(code))))
        if sheet is None or not 0 < sheet.printing <= held.state.printings:
            raise NotFound("slip-unknown", _SLIP_UNKNOWN)
        return sheet

    def _put_back(self, held: OpenedBox, place: str, before: Dropped | None) -> None:
        if before is None:
            del held.contents.sheets[place]
        else:
            held.contents.sheets[place] = before
        self._put(held)

    def _enclosed(self, held: OpenedBox) -> bytes:
        return held.key.seal(packed(held.contents, size_of(held.opened)), self._random)

    def _disclosed(self, key: BoxKey, sealed: bytes) -> Contents:
        try:
            return unpacked(key.unseal(sealed))
        except BoxDamaged:
            raise Refused("box-damaged", _DAMAGED) from None

    def _state(self, box: str) -> Box:
        return typing.cast("Box", self.ledger.fold(Box, box))

    def _name(self, box: str) -> str:
        """Return what names a box's files: an id has no character that a path could stumble over."""
        if not _ID.fullmatch(box):
            raise NotFound("unknown-box", _NO_BOX)
        return f"{self.ledger.ledger_id}@{box}"

    def _key(self, box: str) -> BoxKey:
        master = self._store.key(self._name(box))
        if master is None:
            raise NotFound("box-not-here", _NOT_HERE)
        return BoxKey(master, self._name(box).encode())

    def _now(self) -> datetime:
        now = self.ledger.clock.now()
        return max(now, self.ledger.head().last_time or now)


def _return_of(held: OpenedBox, person: str) -> ReturnSheet:
    return ReturnSheet(box=held.opened.box, person=PersonId(person), keeper_pass=held.key.keeper_pass)


def _rows(opened: BoxOpened, marks: Marks, voter: PersonId | None, *, even_void: bool) -> bytes:
    rows = read_sheet(opened, marks, voter)
    if is_void(opened, rows) and not even_void:
        raise Refused("sheet-would-be-void", _WOULD_BE_VOID)
    return rows


def _found(held: OpenedBox) -> list[Found]:
    return [Found(group=group, **_numbers(held, group)) for group in held.state.groups]


def _numbers(held: OpenedBox, group: str) -> dict[str, int]:
    return {
        "on_screen": sum(1 for sheet in _by_voters(held) if sheet.group == group),
        "by_slip": sum(1 for sheet in _by_slips(held) if sheet.group == group),
        "on_paper": sum(1 for sheet in held.contents.paper.values() if sheet.group == group),
    }


def _by_voters(held: OpenedBox) -> Iterator[Dropped]:
    """Yield the sheets whose return is recorded; another one was never acknowledged."""
    places = {held.key.place(_voter(person)) for person in held.state.on_screen}
    return (sheet for place, sheet in held.contents.sheets.items() if place in places)


def _by_slips(held: OpenedBox) -> Iterator[Dropped]:
    sheets = held.contents.sheets.values()
    return (s for s in sheets if 0 < s.printing <= held.state.printings and s.rows is not None)


def _counted(held: OpenedBox) -> CloseBox:
    dropped = [Sheet(each.group, bytes.fromhex(each.rows or "")) for each in (*_by_voters(held), *_by_slips(held))]
    keyed = [Sheet(each.group, bytes.fromhex(next(iter(each.by.values())))) for each in held.contents.paper.values()]
    counting = count_sheets(held.opened, [*dropped, *keyed])
    tellers = {PersonId(keyer) for each in held.contents.paper.values() for keyer in each.by}
    return CloseBox(
        box=held.opened.box,
        keeper_pass=held.key.keeper_pass,
        found=tuple(_found(held)),
        valid=counting.valid,
        void=counting.void,
        cells=counting.cells,
        tellers=tuple(sorted(tellers)) or held.opened.tellers,
    )


def _voter(person: str) -> str:
    return f"voter:{person}"


def _slip(code: str) -> str:
    return f"slip:{code}"


_NOT_HERE = Text(
    "这台机器上没有该票箱或其密钥；请到开箱的机器上办理，确已丢失的用 void-box 作废后重投。",
    "The box or its key is not on this machine; use the one it was opened on, or void-box it if it is lost.",
)
_DAMAGED = Text(
    "票箱文件已损坏或被调换，无法开启；请用 void-box 作废后重投。",
    "The box's file was damaged or exchanged and cannot be opened; void-box it and vote anew.",
)
_NO_BOX = Text("没有这个票箱；请核对编号。", "There is no such ballot box; check the id.")
_SLIP_UNKNOWN = Text(
    "凭条代码不属于这个票箱；请核对每个字符后再试。", "This box knows no such slip; check each character and try again."
)
_WOULD_BE_VOID = Text(
    "照此填写整张选票会作废（每行只能一个等次，受限等次不得超过名额）；没有收下，请改填，或注明仍按此投出。",
    "Filled in like this the whole sheet is void (one mark per row, the capped grade within its number); it was not "
    "taken. Change it, or say that it is to be cast as it is.",
)
