"""Paper sheets keyed in by two tellers separately, and compared by a number that is known only until the close (V2)."""

from dataclasses import dataclass

from domain.ballot_sheets import Marks, read_sheet
from domain.ballots import BoxOpened, groups_of
from domain.decision import Conflict, NotFound, NotPermitted, Refused
from domain.ids import PersonId
from domain.text import Text
from ledger.ballot_contents import Contents, Keyed, OpenedBox, voices

KEYERS = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """A sheet that one teller alone has keyed in, or the rows (from 1) where two differ; never what stands there."""

    group: str
    number: int
    keyed_by: tuple[str, ...]
    rows: tuple[int, ...]


def key_in(held: OpenedBox, group: str, number: int, marks: Marks, *, actor: str) -> None:
    """Keep a paper sheet of an open box as one teller reads it, in place of what he keyed in before."""
    _require_teller(held.opened, actor)
    if group not in groups_of(held.opened) or number < 1:
        raise NotFound("unknown-sheet", _UNKNOWN)
    rows, place, paper = read_sheet(held.opened, marks), _place(group, number), held.contents.paper
    if place not in paper and len(paper) >= voices(held.opened):
        raise Refused("too-many-sheets", _TOO_MANY)
    keyed = paper.setdefault(place, Keyed(group, number, {}))
    if actor not in keyed.by and len(keyed.by) == KEYERS:
        raise Conflict("keyed-in-twice", _TWICE)
    keyed.by[actor] = rows.hex()


def take_back(held: OpenedBox, group: str, number: int, *, actor: str) -> None:
    """Take back what a teller keyed in under a number."""
    keyed = held.contents.paper.get(_place(group, number))
    if keyed is None or actor not in keyed.by:
        raise NotFound("unknown-sheet", _UNKNOWN)
    del keyed.by[actor]
    if not keyed.by:
        del held.contents.paper[_place(group, number)]


def compare_sheets(held: OpenedBox, *, actor: str) -> list[Difference]:
    """Return where the two tellers differ, for them to look at the paper again."""
    _require_teller(held.opened, actor)
    return differences(held.contents)


def differences(contents: Contents) -> list[Difference]:
    """Return the sheets that were not keyed in twice alike, in the order of their numbers."""
    found = (_difference(each) for each in sorted(contents.paper.values(), key=lambda each: (each.group, each.number)))
    return [difference for difference in found if difference is not None]


def require_agreed(contents: Contents) -> None:
    """Raise `Refused` where a sheet was not keyed in twice alike."""
    left = differences(contents)
    if left:
        raise Refused("sheets-differ", _differ(left))


def _difference(keyed: Keyed) -> Difference | None:
    readings = [bytes.fromhex(rows) for rows in keyed.by.values()]
    rows = tuple(n for n, row in enumerate(zip(*readings, strict=True), 1) if len(set(row)) > 1)
    if len(readings) == KEYERS and not rows:
        return None
    return Difference(keyed.group, keyed.number, tuple(sorted(keyed.by)), rows)


def _place(group: str, number: int) -> str:
    return f"{group}/{number}"


def _require_teller(opened: BoxOpened, actor: str) -> None:
    if PersonId(actor) not in opened.tellers:
        raise NotPermitted("not-a-teller", _NOT_A_TELLER)


_NOT_A_TELLER = Text(
    "纸质选票由开箱时指定的计票人录入；请由其办理。", "Paper is keyed in by the tellers named when the box was opened."
)
_UNKNOWN = Text("没有这张选票；请核对评议组和编号。", "There is no such sheet; check group and number.")
_TWICE = Text("这张选票已由两人录入；请核对编号。", "Two tellers keyed this sheet in already; check the number.")
_TOO_MANY = Text(
    "录入的选票多于应有的票数；请核对编号，把录错编号的撤回。",
    "More sheets are keyed in than there are voices; check the numbers and take back what was mistyped.",
)


def _differ(left: list[Difference]) -> Text:
    zh = "；".join(f"{d.group} 第 {d.number} 张{_rows_zh(d)}" for d in left)
    en = "; ".join(f"{d.group} sheet {d.number}{_rows_en(d)}" for d in left)
    return Text(f"两人录入不一致：{zh}。请对照纸票更正后再封箱。", f"The two keyings differ: {en}. Correct them first.")


def _rows_zh(difference: Difference) -> str:
    rows = "、".join(map(str, difference.rows))
    return f"第 {rows} 行" if rows else "只录入了一次"


def _rows_en(difference: Difference) -> str:
    rows = ", ".join(map(str, difference.rows))
    return f", row {rows}" if rows else " was keyed in once only"
