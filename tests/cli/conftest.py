"""A branch of eight with an open round, in a data directory of its own, and a terminal that knows the workbooks."""

import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer
import xlsxwriter  # type: ignore[import-untyped]

from cli.exits import Exit, Stop
from cli.settings import Settings
from cli.tables import add_tables
from cli.wiring import installation
from domain.adoption import AdoptRulebook
from domain.appointments import Appoint, OpenLedger
from domain.dates import CHINA
from domain.decision import Command, Event
from domain.ids import BranchId, Document, GroupId, PersonId, RoundId, RulebookId
from domain.membership import JoinBranch
from domain.organisation import FormGroup, FoundBranch, RegisterPerson
from domain.rounds import OpenRound
from domain.sealed import Sealed
from ledger.ledger import Ledger
from ledger.store import Attachment
from rulebooks import shipped

HEAD = [
    "序号",
    "姓名",
    "工作业绩（35%）",
    "党小组评价（60%）",
    "党支部评价（40%）",
    "群众评价（20%）",
    "个人自评（5%）",
    "总分",
]
ROSTER_HEAD = ["序号", "姓名", "编号", "类别", "党小组", "岗位", "入支部时间"]
BRANCH, ROUND, GROUP = BranchId("b1"), RoundId("r2025"), GroupId("g1")
REGISTRAR, OPERATOR, CHAIR = PersonId("registrar"), PersonId("operator"), PersonId("chair")
SECRETARY, RECORDER = PersonId("P01"), PersonId("P03")
NAMES = {PersonId(f"P{n:02}"): f"党员{n:02}" for n in range(1, 8)} | {PersonId("P08"): '=HYPERLINK("x")'}
FOUNDED = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Said:
    """What the terminal answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        decoded: dict[str, Any] = json.loads(self.out)
        return decoded

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """Return the lines of the preview of this kind."""
        return [line for line in self.document["lines"] if line["kind"] == kind]


class Formula(str):
    """A cell to be written as a formula."""

    __slots__ = ()


@dataclass(slots=True)
class Desk:
    """A data directory with a terminal beside it, and a folder for workbooks."""

    folder: Path
    terminal: Callable[..., Said]
    written: int = field(default=0)

    @property
    def data(self) -> Path:
        """Where the ledger lies."""
        return self.folder / "data"

    def asks(self, *words: str, actor: str = RECORDER, lang: str = "zh") -> Said:
        """Give the terminal these words and return what it answers."""
        return self.terminal(settings(self.data, actor, lang), *words)

    def carry_out(self, asked: Command, actor: str, *files: bytes) -> list[Event]:
        """Record a command directly and return its events."""
        documents = [attachment(content) for content in files]
        with installation(settings(self.data)) as installed:
            receipt = installed.ledger.execute(asked, actor=actor, attachments=documents)
            return [fact.event for fact in installed.ledger.read() if fact.position in receipt.positions]

    def read(self, ask: Callable[[Ledger], Any]) -> Any:  # noqa: ANN401 - whatever is asked for
        """Return what a question to the ledger is answered with."""
        with installation(settings(self.data)) as installed:
            return ask(installed.ledger)

    @property
    def size(self) -> int:
        """The number of facts."""
        head: int = self.read(lambda ledger: ledger.head().size)
        return head

    def events(self, *kinds: type[Event]) -> list[Any]:
        """Return all recorded events of these kinds."""
        found: list[Any] = self.read(lambda ledger: [f.event for f in ledger.read() if isinstance(f.event, kinds)])
        return found

    def table(self, rows: Sequence[Sequence[object]], title: str = "2025年度党员得分汇总表", **more: Any) -> Path:  # noqa: ANN401
        """Write Table 3-1 with these rows from row 3 on, and return where it lies."""
        return self.sheet([[title], more.get("head", HEAD), *rows])

    def roster(self, rows: Sequence[Sequence[object]]) -> Path:
        """Write a roster with these rows from row 3 on, and return where it lies."""
        return self.sheet([["党员花名册"], ROSTER_HEAD, *rows])

    def sheet(self, rows: Sequence[Sequence[object]]) -> Path:
        """Write a workbook of these rows and return where it lies."""
        self.written += 1
        path = self.folder / f"sheet-{self.written}.xlsx"
        path.write_bytes(workbook_of(rows))
        return path


def workbook_of(rows: Sequence[Sequence[object]]) -> bytes:
    """Return an .xlsx of these rows from A1 on; text stays text."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "in_memory": True})
    workbook.set_properties({"created": datetime(2026, 1, 8)})  # noqa: DTZ001 - the same bytes in every run
    page = workbook.add_worksheet()
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, Formula):
                page.write_formula(row, column, str(value), None, 90)
            elif value is not None:
                page.write(row, column, value)
    workbook.close()
    return target.getvalue()


def settings(data: Path, actor: str | None = None, lang: str = "zh") -> Settings:
    """Return the settings of a run against this data directory; the ledger's own simulated clock stands still."""
    return Settings(data, None, None, actor, None, "zh" if lang == "zh" else "en")


def attachment(content: bytes) -> Attachment:
    """Return bytes as an attachment."""
    return Attachment(sha256(content).hexdigest(), "application/octet-stream", content)


def year(rulebook: Attachment) -> Iterator[tuple[str, Command]]:
    """Yield what a branch does until its round is open."""
    for person, name in {CHAIR: "党委书记", **NAMES}.items():
        yield REGISTRAR, RegisterPerson(person=person, full_name=Sealed(name))
    yield REGISTRAR, FoundBranch(branch=BRANCH, title="一支部", on=FOUNDED)
    yield REGISTRAR, FoundBranch(branch=BranchId("b2"), title="二支部", on=FOUNDED)
    yield REGISTRAR, FormGroup(group=GROUP, branch=BRANCH, title="第一党小组", on=FOUNDED)
    for person in NAMES:
        group = None if person == "P07" else GROUP
        yield REGISTRAR, JoinBranch(person=person, branch=BRANCH, kind="formal", on=FOUNDED, group=group)
    yield REGISTRAR, Appoint(person=CHAIR, role="secretary", since=FOUNDED, decided_by="上级党委")
    for person, role in ((SECRETARY, "secretary"), (RECORDER, "recorder"), (PersonId("P05"), "leading_group_head")):
        yield REGISTRAR, Appoint(person=person, role=role, branch=BRANCH, since=FOUNDED, decided_by="大会")
    yield (
        CHAIR,
        AdoptRulebook(
            rulebook=RulebookId("annual-360"),
            document=Document(rulebook.sha256),
            meeting="党委会",
            adopted_on=date(2024, 12, 20),
            effective_from=date(2025, 1, 1),
        ),
    )
    yield SECRETARY, OpenRound(round=ROUND, branch=BRANCH, period="2025", rulebook=RulebookId("annual-360"))


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory whose branch has just opened its round; it is copied, never used."""
    data = tmp_path_factory.mktemp("opened") / "data"
    rulebook = attachment(shipped("annual-360"))
    opening = OpenLedger(committee="数控厂党委", registrar=REGISTRAR, operator=OPERATOR, simulated_clock=True)
    begun = Settings(data, None, None, None, datetime(2026, 1, 5, 9, tzinfo=CHINA), "zh")
    with installation(begun, create=True) as installed:
        installed.ledger.execute(opening, actor=OPERATOR)
        for actor, asked in year(rulebook):
            installed.ledger.execute(asked, actor=actor, attachments=[rulebook])
    return data


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return how to run one command line of the workbooks' sub-commands."""
    app = typer.Typer()
    add_tables(app)

    def run(spoken: Settings, *words: str) -> Said:
        capsys.readouterr()
        try:
            app(list(words), obj=spoken, standalone_mode=False)
            code = Exit.OK
        except Stop as ended:
            code = ended.code
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture
def desk(opened: Path, tmp_path: Path, terminal: Callable[..., Said]) -> Desk:
    """Return a desk at which the round is open and nothing scored."""
    shutil.copytree(opened, tmp_path / "data")
    return Desk(tmp_path, terminal)


@pytest.fixture
def formula() -> type[str]:
    """Return the class of cells that are formulas."""
    return Formula


@pytest.fixture
def names() -> Mapping[str, str]:
    """Return the members' names by id."""
    return {str(person): name for person, name in NAMES.items()}


@pytest.fixture
def complete(names: Mapping[str, str]) -> list[list[object]]:
    """Return rows for everybody, complete: 96, 94, 92 … in every column; P07 has no Party group."""
    return [_row(number, name, 98 - 2 * number) for number, name in enumerate(names.values(), 1)]


def _row(number: int, name: str, points: int) -> list[object]:
    group = "不适用" if name == NAMES[PersonId("P07")] else points
    return [number, name, points, group, points, points, points, points]
