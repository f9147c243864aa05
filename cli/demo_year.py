"""The made-up year of seed A that `starledger demo` plays: its papers, and every command with its day and its actor."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import rulebooks
from cli.demo_steps import COMMITTEE_SECRETARY, OPERATOR, REGISTRAR, Step, appoint, at
from workbooks.write import ScoreLine, ScoreSheet, write_score_table
from workbooks.write_roster import RosterLine, write_roster

BRANCH, ROUND, RULEBOOK = "B1", "R2025", "annual-360"
COMPONENTS = ("work", "group", "branch", "masses", "self")
WEIGHTS = {
    "work": Decimal(35),
    "party": Decimal(40),
    "group": Decimal(60),
    "branch": Decimal(40),
    "masses": Decimal(20),
    "self": Decimal(5),
}
SCORES = {
    1: "96 97 96 95 98",
    2: "97.5 96 97 96 96",
    3: "93 94 95 92 96",
    4: "92.5 93 94 91 95",
    5: "94 93 92 93 94",
    6: "91 92 93 90 95",
    7: "90 91 90 89 92",
    8: "90 91 90 89 92",
    9: "88.5 90 91 90 93",
    10: "88 89 90 88 92",
    11: "89 88 87 88 90",
    12: "86 87 88 85 90",
    13: "85 86 85 84 88",
    14: "84 85 86 - 90",
    15: "83 84 82 84 86",
    16: "82 81 83 80 85",
    17: "80.5 81 80 82 84",
    18: "78 79 77 80 82",
    19: "76 77 75 74 80",
    20: "72 74 73 70 78",
}
MEMBERS = tuple(f"P{number:02}" for number in SCORES)
STAFF = tuple(f"M{number:02}" for number in range(1, 7))
SECRETARY, DEPUTY, RECORDER, DISCIPLINE, GROUP_HEAD = MEMBERS[:5]
TIED, CHOSEN, OBJECTED, PROBATIONARY = "P07", "P08", "P09", "P20"
IMPROVING = ("P18", "P19", "P20")
REST_2026 = (
    [date(2026, 1, day) for day in (1, 2, 3)]
    + [date(2026, 2, day) for day in range(15, 24)]
    + [date(2026, 4, day) for day in (4, 5, 6)]
    + [date(2026, 5, day) for day in range(1, 6)]
    + [date(2026, 6, day) for day in (19, 20, 21)]
    + [date(2026, 9, day) for day in (25, 26, 27)]
    + [date(2026, 10, day) for day in range(1, 8)]
)
WORKED_2026 = [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


def write_papers(folder: Path) -> None:
    """Write what a branch has on its desk: the rulebook, the roster, and the filled-in Table 3-1."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "annual-360.toml").write_bytes(rulebooks.shipped(RULEBOOK))
    (folder / "roster.xlsx").write_bytes(write_roster("数控加工厂第一党支部", "2024-12-20", _roster()))
    (folder / "table-3-1.xlsx").write_bytes(
        write_score_table(ScoreSheet("数控加工厂第一党支部", "2025", tuple(_table()), WEIGHTS, with_ids=True))
    )


def _roster() -> list[RosterLine]:
    members = [
        RosterLine(
            name=f"党员{person[1:]}",
            person_id=person,
            kind="probationary" if person == PROBATIONARY else "formal",
            group="第一党小组" if number % 2 else "第二党小组",
            post="数控车工" if number % 3 else "工艺员",
            joined_branch=date(2020, 7, 1),
        )
        for number, person in enumerate(MEMBERS, 1)
    ]
    staff = [
        RosterLine(name=f"职工{person[1:]}", person_id=person, kind="masses", joined_branch=date(2021, 3, 1))
        for person in STAFF
    ]
    return [*members, *staff]


def _table() -> Iterator[ScoreLine]:
    for number, words in SCORES.items():
        points = dict(zip(COMPONENTS, words.split(), strict=True))
        scores = {code: Decimal(value) for code, value in points.items() if value != "-"}
        yield ScoreLine(name=f"党员{number:02}", person_id=f"P{number:02}", scores=scores)


def steps(papers: Path) -> Iterator[Step]:
    """Yield every command of the year, in the order of the procedure."""
    yield from _organisation(papers)
    yield from _year()
    yield from _scores(papers)
    yield from _decisions()
    yield from _publicity()
    yield from _use_of_results()


def _organisation(papers: Path) -> Iterator[Step]:
    day = at("2024-12-20")
    yield Step(
        day,
        OPERATOR,
        (
            "open-ledger", "--committee", "数控加工厂党委", "--registrar", REGISTRAR,
            "--operator", OPERATOR, "--simulated-clock",
        ),
    )  # fmt: skip
    yield Step(day, REGISTRAR, ("found-branch", "--branch", BRANCH, "--title", "第一党支部", "--on", "2020-07-01"))
    for group, title in (("G1", "第一党小组"), ("G2", "第二党小组")):
        words = ("form-group", "--group", group, "--branch", BRANCH, "--title", title, "--on", "2020-07-01")
        yield Step(day, REGISTRAR, words)
    yield Step(day, REGISTRAR, ("register-person", "--person", COMMITTEE_SECRETARY, "--full-name", "党委书记"))
    yield Step(day, REGISTRAR, ("import-roster-table", str(papers / "roster.xlsx"), "--branch", BRANCH, "--yes"))
    yield Step(day, REGISTRAR, appoint(COMMITTEE_SECRETARY, "secretary", "上级党委", branch=None))
    for person, role in (
        (SECRETARY, "secretary"),
        (DEPUTY, "deputy_secretary"),
        (RECORDER, "recorder"),
        (DISCIPLINE, "discipline_commissioner"),
        (GROUP_HEAD, "leading_group_head"),
        (DEPUTY, "leading_group_member"),
    ):
        yield Step(day, REGISTRAR, appoint(person, role, "支部党员大会", branch=BRANCH))
    yield Step(
        day,
        COMMITTEE_SECRETARY,
        (
            "adopt-rulebook", "--rulebook", RULEBOOK, "--document", str(papers / "annual-360.toml"),
            "--meeting", "党委会议2024-12-18", "--adopted-on", "2024-12-18", "--effective-from", "2025-01-01",
        ),
    )  # fmt: skip


def _year() -> Iterator[Step]:
    yield Step(
        at("2025-01-10"),
        OBJECTED,
        (
            "set-goal",
            "--person",
            OBJECTED,
            "--period",
            "2025",
            "--goals",
            "改进夹具，带好两名徒弟",
            "--target-star",
            "4",
        ),
    )
    yield Step(
        at("2025-06-20"),
        RECORDER,
        (
            "record-activity", "--activity", "A1", "--person", OBJECTED, "--kind", "demonstration_post",
            "--dimension", "job", "--occurred-on", "2025-06-18", "--statement", "党员示范岗：夹具改进获厂级二等奖",
        ),
    )  # fmt: skip
    yield Step(
        at("2025-09-02"),
        SECRETARY,
        (
            "assign-task", "--task", "T1", "--person", "P12", "--what", "“1+1”帮扶困难职工职工03",
            "--due", "2025-12-20", "--resolution", "支委会2025年第6次会议",
        ),
    )  # fmt: skip
    yield Step(
        at("2025-12-19"),
        SECRETARY,
        ("complete-task", "--task", "T1", "--on", "2025-12-18", "--outcome", "done", "--statement", "全年结对走访12次"),
    )
    yield Step(
        at("2025-12-22"),
        REGISTRAR,
        (
            "publish-calendar", "--year", "2026", "--source", "国务院办公厅关于2026年部分节假日安排的通知",
            *(word for day in REST_2026 for word in ("--rest-days", str(day))),
            *(word for day in WORKED_2026 for word in ("--worked-weekends", str(day))),
        ),
    )  # fmt: skip


def _scores(papers: Path) -> Iterator[Step]:
    opening = ("open-round", "--round", ROUND, "--branch", BRANCH, "--period", "2025", "--rulebook", RULEBOOK)
    yield Step(at("2026-01-06"), SECRETARY, opening)
    invited = tuple(word for person in STAFF for word in ("--raters", person))
    yield Step(
        at("2026-01-06", "10:00"), RECORDER, ("invite-raters", "--round", ROUND, "--component", "masses", *invited)
    )
    taken_in = (
        "import-table", str(papers / "table-3-1.xlsx"), "--round", ROUND,
        "--ballots", "6", "--occurred-on", "2026-01-07", "--yes",
    )  # fmt: skip
    yield Step(at("2026-01-08"), RECORDER, taken_in)
    yield Step(at("2026-01-08", "10:00"), DEPUTY, taken_in)
    yield Step(at("2026-01-09"), RECORDER, ("tally", "--round", ROUND))
    yield Step(at("2026-01-09", "09:05"), GROUP_HEAD, _propose(), refused=True)
    yield Step(
        at("2026-01-09", "15:00"),
        RECORDER,
        (
            "record-score", "--round", ROUND, "--person", "P14", "--component", "masses",
            "--points", "83", "--ballots", "6", "--occurred-on", "2026-01-09",
        ),
    )  # fmt: skip
    yield Step(at("2026-01-12"), RECORDER, ("tally", "--round", ROUND))


def _propose() -> tuple[str, ...]:
    return ("propose-list", "--round", ROUND, "--body", "考核工作领导小组")


def _decisions() -> Iterator[Step]:
    yield Step(
        at("2026-01-12", "14:00"),
        GROUP_HEAD,
        (
            "decide-tie", "--round", ROUND, "--star", "4", "--winners", CHOSEN, "--body", "考核工作领导小组",
            "--reason", "两人得分及各项完全相同；对照全年急难任务完成情况，集体研究决定",
        ),
    )  # fmt: skip
    yield Step(at("2026-01-13"), GROUP_HEAD, _propose())
    present = tuple(word for person in MEMBERS[:17] for word in ("--present", person))
    yield Step(
        at("2026-01-15", "17:00"),
        RECORDER,
        (
            "hold-vote", "--round", ROUND, "--list", "1", "--on", "2026-01-15", "--chair", SECRETARY,
            "--yes", "16", "--no", "0", "--abstain", "1", *present,
        ),
    )  # fmt: skip


def _notice(notice: str) -> tuple[str, ...]:
    return (
        "post-notice", "--round", ROUND, "--notice", notice, "--places", "厂区公开栏", "--places", "党员活动室",
        "--contact", "纪检委员 党员04，党群办公室，内线 6104",
    )  # fmt: skip


def _publicity() -> Iterator[Step]:
    yield Step(at("2026-01-16"), RECORDER, _notice("N1"))
    yield Step(
        at("2026-01-20", "11:30"),
        OBJECTED,
        (
            "file-objection", "--round", ROUND, "--objection", "O1", "--about", OBJECTED, "--objector", OBJECTED,
            "--statement", "工作业绩漏计厂级二等奖（2025年6月夹具改进），请求复核",
        ),
    )  # fmt: skip
    investigators = ("--investigators", "P11", "--investigators", "P12")
    yield Step(
        at("2026-01-21"), DISCIPLINE, ("accept-objection", "--round", ROUND, "--objection", "O1", *investigators)
    )
    yield Step(at("2026-01-22"), GROUP_HEAD, _confirm(), refused=True)
    yield Step(at("2026-01-26"), GROUP_HEAD, _confirm())
    amendment = f'{{"person": "{OBJECTED}", "component": "work", "points": "94.5"}}'
    yield Step(
        at("2026-01-27"),
        DISCIPLINE,
        (
            "rule-on-objection", "--round", ROUND, "--objection", "O1", "--verdict", "upheld",
            "--findings", "查证属实：获奖文件在案，应加6分", "--amendments", amendment,
        ),
    )  # fmt: skip
    yield Step(
        at("2026-01-27", "16:00"),
        DISCIPLINE,
        ("reply-to-objection", "--round", ROUND, "--objection", "O1", "--reply", "异议成立，已更正并重新公示"),
    )
    yield Step(at("2026-01-28"), RECORDER, _notice("N2"))
    yield Step(at("2026-02-05"), GROUP_HEAD, _confirm())
    yield Step(at("2026-02-05", "10:00"), DEPUTY, _confirm())


def _confirm() -> tuple[str, ...]:
    return ("confirm-stars", "--round", ROUND, "--body", "考核工作领导小组")


def _use_of_results() -> Iterator[Step]:
    for person in MEMBERS:
        words = ("deliver-feedback", "--round", ROUND, "--person", person, "--on", "2026-02-06", "--signed")
        yield Step(at("2026-02-06"), DEPUTY if person == SECRETARY else SECRETARY, words)
    recommending = ("recommend-member", "--round", ROUND, "--person", DEPUTY)
    honour = ("--honour", "优秀共产党员", "--to-body", "数控加工厂党委")
    yield Step(at("2026-02-09"), SECRETARY, (*recommending, *honour))
    yield Step(
        at("2026-02-11"),
        SECRETARY,
        (
            "grant-award", "--round", ROUND, "--person", DEPUTY, "--honour", "优秀共产党员",
            "--awarded-by", "数控加工厂党委", "--on", "2026-02-11",
        ),
    )  # fmt: skip
    for number, person in enumerate(IMPROVING, 1):
        yield Step(
            at("2026-02-12"),
            SECRETARY,
            (
                "open-improvement", "--improvement", f"I{number}", "--round", ROUND, "--person", person,
                "--helper", f"P{5 + number:02}", "--lost-points", "工作业绩、群众评价失分较多",
                "--goal", "本年度达到三星级", "--measures", "结对帮带，每月谈心一次", "--review-on", "2026-06-30",
            ),
        )  # fmt: skip
