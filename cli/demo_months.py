"""The made-up year of seed B: a second branch of 24 with 6 on the staff, its months, ballots and annual stars."""

import json
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import rulebooks
from cli.demo_steps import COMMITTEE_SECRETARY, REGISTRAR, Step, appoint, at, many
from workbooks.write_roster import RosterLine, write_roster

BRANCH, RULEBOOK, YEAR, YEAR_ROUND = "B2", "monthly-points", 2025, "Y2025"
MEMBERS = tuple(f"Q{number:02}" for number in range(1, 25))
STAFF = tuple(f"N{number:02}" for number in range(1, 7))
SECRETARY, DEPUTY, RECORDER, DISCIPLINE, COMMITTEE_MEMBER = MEMBERS[:5]
ADMINISTRATION = "X01"
EXCELLENT, WEAK, FAILING = MEMBERS[:8], MEMBERS[20:23], MEMBERS[23]
PROBATIONARY = "Q19"
ON_PAPER = "Q20"
INQUORATE, REJECTED, PAPER = 4, 7, 5
QUARTERS = (3, 6, 9, 12)
"""The months (of the year judged) with an inquorate meeting, a rejected list, and a paper ballot."""


def write_papers(folder: Path) -> None:
    """Write the branch's rulebook, roster, evidence, and everybody's sheets for the ballots."""
    (folder / "monthly-points.toml").write_bytes(rulebooks.shipped(RULEBOOK))
    (folder / "roster-2.xlsx").write_bytes(write_roster("数控加工厂第二党支部", "2024-12-20", _roster()))
    (folder / "evidence.pdf").write_bytes(b"%PDF-1.4\n% a made-up paper of the demo\n")
    sheets = folder / "sheets"
    sheets.mkdir(exist_ok=True)
    for voter in (*MEMBERS, *STAFF):
        marks = {person: _mark(person, voter) for person in MEMBERS if person != voter}
        (sheets / f"{voter}.json").write_text(json.dumps(marks, ensure_ascii=False), encoding="utf-8")


def _mark(person: str, voter: str) -> str:
    if person in EXCELLENT[:7] or (person == EXCELLENT[7] and voter in EXCELLENT):
        return "优秀"
    if person in WEAK:
        return "基本合格"
    return "不合格" if person == FAILING else "合格"


def _roster() -> list[RosterLine]:
    members = [
        RosterLine(
            name=f"支部二党员{person[1:]}",
            person_id=person,
            kind="probationary" if person == PROBATIONARY else "formal",
            post="班组长" if number % 6 == 0 else "装配钳工",
            joined_branch=date(2019, 5, 1),
        )
        for number, person in enumerate(MEMBERS, 1)
    ]
    staff = [
        RosterLine(name=f"支部二职工{person[1:]}", person_id=person, kind="masses", joined_branch=date(2021, 3, 1))
        for person in STAFF
    ]
    return [*members, *staff]


def steps(papers: Path) -> Iterator[Step]:
    """Yield every command of the year and of its evaluation, in the order of the scheme."""
    yield from _organisation(papers)
    yield from _commitments()
    for month in range(1, 13):
        yield from _month(papers, month)
    yield from _fulfilment()
    yield from _year(papers)


def _organisation(papers: Path) -> Iterator[Step]:
    day = at("2024-12-23")
    yield Step(day, REGISTRAR, ("found-branch", "--branch", BRANCH, "--title", "第二党支部", "--on", "2019-05-01"))
    yield Step(day, REGISTRAR, ("import-roster-table", str(papers / "roster-2.xlsx"), "--branch", BRANCH, "--yes"))
    yield Step(day, REGISTRAR, ("register-person", "--person", ADMINISTRATION, "--full-name", "行政主任"))
    for person, role in (
        (SECRETARY, "secretary"),
        (DEPUTY, "deputy_secretary"),
        (RECORDER, "recorder"),
        (DISCIPLINE, "discipline_commissioner"),
        (COMMITTEE_MEMBER, "committee_member"),
        (SECRETARY, "leading_group_head"),
        (DEPUTY, "leading_group_member"),
        (ADMINISTRATION, "administrative_leader"),
    ):
        yield Step(day, REGISTRAR, appoint(person, role, "支部党员大会", BRANCH))
    yield Step(
        day,
        COMMITTEE_SECRETARY,
        (
            "adopt-rulebook", "--rulebook", RULEBOOK, "--document", str(papers / "monthly-points.toml"),
            "--meeting", "党委会议2024-12-18", "--adopted-on", "2024-12-18", "--effective-from", "2025-01-01",
        ),
    )  # fmt: skip


def _commitments() -> Iterator[Step]:
    for number, person in enumerate(MEMBERS, 1):
        commitment = ("--commitment", f"K{number:02}")
        words = (
            "make-commitment", *commitment, "--person", person, "--period", str(YEAR), "--virtue", "occupational",
            "--area", "duty", "--on", "2025-01-06", "--due", "2025-12-20",
            "--statement", "带头攻关，带好一名徒弟", "--plan", "每季度一次现场教学",
        )  # fmt: skip
        yield Step(at("2025-01-06"), person, words)
        yield Step(at("2025-01-07"), DEPUTY if person == SECRETARY else SECRETARY, ("approve-commitment", *commitment))


def _fulfilment() -> Iterator[Step]:
    for number, person in enumerate(MEMBERS, 1):
        commitment = ("--commitment", f"K{number:02}")
        reporting = ("report-fulfilment", *commitment, "--on", "2025-12-20", "--report", "四次现场教学均已完成")
        yield Step(at("2025-12-21"), person, reporting)
        outcome = "not_kept" if person == FAILING else "partly" if person in WEAK else "kept"
        appraising = (
            "appraise-commitment",
            *commitment,
            "--on",
            "2025-12-22",
            "--side",
            "branch",
            "--outcome",
            outcome,
        )
        by = DEPUTY if person == SECRETARY else SECRETARY
        yield Step(at("2025-12-22"), by, (*appraising, "--remark", "支部评诺"))


def _month(papers: Path, month: int) -> Iterator[Step]:
    """Yield a month: its records, then the session in the last week of the next one that judges it (AMB-B5)."""
    judged, held = f"{YEAR}-{month:02}", _session_day(month)
    yield from _records(papers, month)
    opening = ("open-round", "--round", f"M{judged}", "--branch", BRANCH, "--period", judged, "--rulebook", RULEBOOK)
    yield Step(at(held - timedelta(days=3)), RECORDER, opening)
    yield from _session(month, judged, held)
    yield from _ballot(papers, month, judged, held)
    yield from _adoption(month, judged, held)


def _session_day(month: int) -> date:
    """Return the day a month is judged: in the last week of the next one, after a quarter in its first week."""
    year, following = (YEAR + 1, 1) if month == 12 else (YEAR, month + 1)  # noqa: PLR2004 - after December comes January
    return date(year, following, 6 if month in QUARTERS else monthrange(year, following)[1] - 3)


def _records(papers: Path, month: int) -> Iterator[Step]:
    on = date(YEAR, month, 15)
    entries = [
        (EXCELLENT[month % 7], "spirit-deed", "3", "抢修设备至深夜"),
        (MEMBERS[8 + month % 10], "merit-target-missed", None, "月度任务未完成"),
        (FAILING, "law-breach", "-10", "违反操作规程"),
        (FAILING, "merit-fault", "-8", "造成返工"),
        (WEAK[month % 3], "serve-complaint", None, "职工投诉属实"),
    ]
    for number, (person, item, points, statement) in enumerate(entries):
        entry = ("--entry", f"E{month:02}-{number}", "--branch", BRANCH)
        more = () if points is None else ("--points", points)
        words = (
            "propose-entry", *entry, "--person", person, "--rulebook", RULEBOOK, "--item", item,
            "--occurred-on", str(on), "--statement", statement, *more, "--evidence", str(papers / "evidence.pdf"),
        )  # fmt: skip
        hand = DEPUTY if person == RECORDER else RECORDER
        yield Step(at(on + timedelta(days=1)), hand, words)
        checker = COMMITTEE_MEMBER if person == SECRETARY else SECRETARY
        yield Step(at(on + timedelta(days=2)), checker, ("verify-entry", *entry))


def _session(month: int, judged: str, held: date) -> Iterator[Step]:
    meeting = ("--meeting", f"S{judged}")
    convening = (
        "convene-meeting", *meeting, "--branch", BRANCH, "--rulebook", RULEBOOK,
        "--kind", "quarterly" if month in QUARTERS else "monthly",
        "--judges", judged, "--on", str(held), "--place", "党员活动室", "--chair", SECRETARY,
    )  # fmt: skip
    yield Step(at(held - timedelta(days=3), "10:00"), RECORDER, convening)
    if month in QUARTERS:
        yield from _representatives(month, judged, held)
    absent, there = _absent(month), _there(month)
    apology = json.dumps({"person": absent, "reason": "外出培训"}, ensure_ascii=False)
    yield Step(
        at(held),
        RECORDER,
        (
            "record-attendance", *meeting, *many("--present", there), "--apologies", apology,
            *many("--attending-staff", STAFF),
            *(many("--representatives", representatives(month)) if month in QUARTERS else ()),
        ),
    )  # fmt: skip
    for person in MEMBERS:
        heads = ("--duties", "完成当月任务", "--commitments", "按计划兑现", "--style", "深入班组")
        written = ("--written",) if person == absent else ()
        yield Step(at(held), RECORDER, ("give-report", *meeting, "--person", person, *heads, *written))
    for person in STAFF:
        yield Step(at(held), RECORDER, ("give-staff-report", *meeting, "--person", person, "--duties", "完成当月任务"))
    for person in (*MEMBERS, *STAFF):
        by = ADMINISTRATION if person in STAFF else DEPUTY if person == SECRETARY else SECRETARY
        parts = ("--shortcomings", "创新不够", "--causes", "学习不深", "--demands", "下月完成一项改进")
        yield Step(at(held, "10:00"), by, ("comment-on", *meeting, "--person", person, *parts))
    for person in STAFF:
        grades = ("--attitude", "优秀", "--duties", "合格", "--tasks", "合格", "--overall", "合格")
        yield Step(at(held, "10:20"), RECORDER, ("appraise-staff", *meeting, "--person", person, *grades))


def _absent(month: int) -> str:
    return MEMBERS[9 + month % 8]


def _there(month: int) -> tuple[str, ...]:
    """Return who comes to the month's session."""
    return tuple(person for person in MEMBERS if person != _absent(month))


def representatives(month: int) -> tuple[str, ...]:
    """Return whom a quarter's session invites from the staff: others each time."""
    return STAFF[:3] if month in (3, 9) else STAFF[3:]


def _representatives(month: int, judged: str, held: date) -> Iterator[Step]:
    meeting = ("--meeting", f"S{judged}", "--branch", BRANCH)
    inviting = ("invite-representatives", *meeting, *many("--people", representatives(month)), "--how", "职工轮流")
    yield Step(at(held - timedelta(days=3), "10:10"), RECORDER, inviting)
    replacing = ("replace-meeting", *meeting, "--replaces", judged)
    yield Step(at(held - timedelta(days=3), "10:20"), RECORDER, replacing)


def _ballot(papers: Path, month: int, judged: str, held: date) -> Iterator[Step]:
    box, invited = ("--box", f"V{judged}"), representatives(month) if month in QUARTERS else ()
    opening = (
        "open-box", *box, "--round", f"M{judged}", "--component", "appraisal", "--meeting", f"S{judged}",
        *many("--voter", [f"{person}=members" for person in MEMBERS]),
        *many("--voter", [f"{person}=representatives" for person in invited]),
        *many("--teller", [RECORDER, COMMITTEE_MEMBER]),
    )  # fmt: skip
    yield Step(at(held, "10:30"), RECORDER, opening)
    on_paper = [ON_PAPER] if month == PAPER else []
    for person in (*MEMBERS, *invited):
        if person not in on_paper:
            sheet = f"@{papers / 'sheets' / person}.json"
            yield Step(at(held, "10:40"), person, ("vote", *box, "--sheet", sheet))
    for person in on_paper:
        yield Step(at(held, "10:41"), RECORDER, ("hand-out-sheets", *box, "--people", person))
        yield Step(at(held, "10:42"), RECORDER, ("record-returns", *box, "--people", person))
        for teller in (RECORDER, COMMITTEE_MEMBER):
            sheet = f"@{papers / 'sheets' / person}.json"
            words = ("key-in", *box, "--number", "1", "--sheet", sheet, "--group", "members")
            yield Step(at(held, "10:50"), teller, words)
    yield Step(at(held, "11:00"), RECORDER, ("close-box", *box))


def _adoption(month: int, judged: str, held: date) -> Iterator[Step]:
    this, meeting, there = ("--round", f"M{judged}"), ("--meeting", f"S{judged}"), _there(month)
    drawing = ("draw-records", *this, "--branch", BRANCH, "--component", "records")
    yield Step(at(held, "11:10"), RECORDER, drawing)
    yield Step(at(held, "11:11"), RECORDER, ("tally", *this))
    yield Step(at(held, "11:12"), SECRETARY, ("propose-list", *this, "--body", "评星考核工作领导小组"))
    if month == INQUORATE:
        yield Step(at(held, "11:20"), RECORDER, _vote((*this, *meeting), 1, held, there[:9], yes=9))
    if month == REJECTED:
        rejecting = _vote((*this, *meeting), 1, held, there, yes=8, no=14, reasons="个别记实有误")
        yield Step(at(held, "11:20"), RECORDER, rejecting)
        yield Step(at(held, "15:00"), RECORDER, ("tally", *this))
        yield Step(at(held, "15:05"), SECRETARY, ("propose-list", *this, "--body", "评星考核工作领导小组"))
    number = 2 if month == REJECTED else 1
    yield Step(at(held, "16:00"), RECORDER, _vote((*this, *meeting), number, held, there, yes=22))
    yield Step(at(held, "16:05"), RECORDER, ("settle-month", *this, "--branch", BRANCH))
    for board, place in (("indoor", "党员创先争优活动展示台"), ("outside", "党务公开栏")):
        yield Step(at(held, "16:10"), RECORDER, ("post-board", *this, "--board", board, "--places", place))
    yield Step(at(held, "16:20"), RECORDER, ("close-meeting", "--meeting", f"S{judged}"))
    staff = ("--branch", BRANCH, "--period", judged)
    notice = ("--notice", f"NS{judged}", "--places", "厂区公开栏", "--contact", "党群办公室")
    yield Step(at(held, "16:30"), RECORDER, ("post-staff-results", *staff, *notice))


def _vote(  # noqa: PLR0913 - what a vote consists of
    this: tuple[str, ...],
    number: int,
    held: date,
    present: tuple[str, ...],
    *,
    yes: int,
    no: int = 0,
    reasons: str = "",
) -> tuple[str, ...]:
    return (
        "hold-vote", *this, "--list", str(number), "--on", str(held), "--chair", SECRETARY, "--yes", str(yes),
        "--no", str(no), "--abstain", "0", "--reasons", reasons, *many("--present", list(present)),
    )  # fmt: skip


def _year(papers: Path) -> Iterator[Step]:
    this = ("--round", YEAR_ROUND)
    opening = ("open-round", *this, "--branch", BRANCH, "--period", str(YEAR), "--rulebook", RULEBOOK)
    yield Step(at("2026-02-02"), RECORDER, opening)
    yield Step(at("2026-02-02", "09:10"), RECORDER, ("draw-months", *this))
    yield from _annual_ballot(papers)
    yield Step(at("2026-02-05"), RECORDER, ("tally", *this))
    yield Step(at("2026-02-05", "09:10"), SECRETARY, ("propose-list", *this, "--body", "评星考核工作领导小组"))
    yield Step(at("2026-02-06", "16:00"), RECORDER, _vote(this, 1, date(2026, 2, 6), MEMBERS, yes=21))
    yield from _publicity(this)
    yield from _use(this)


def _annual_ballot(papers: Path) -> Iterator[Step]:
    box = ("--box", "V2025")
    voters = [f"{person}=members" for person in MEMBERS] + [f"{person}=representatives" for person in STAFF]
    yield Step(
        at("2026-02-04"),
        RECORDER,
        ("open-box", *box, "--round", YEAR_ROUND, "--component", "appraisal", *many("--voter", voters)),
    )
    for person in (*MEMBERS, *STAFF):
        sheet = f"@{papers / 'sheets' / person}.json"
        yield Step(at("2026-02-04", "09:30"), person, ("vote", *box, "--sheet", sheet))
    yield Step(at("2026-02-04", "11:00"), RECORDER, ("close-box", *box))


def _publicity(this: tuple[str, ...]) -> Iterator[Step]:
    """Hang the list over the Spring Festival: the seventh day is a rest day, so the window rolls on."""
    notice = ("--places", "党员活动室", "--places", "厂区公开栏", "--contact", "纪检委员，党群办公室，内线 6205")
    yield Step(at("2026-02-09"), RECORDER, ("post-notice", *this, "--notice", "N2025", *notice))
    confirming = ("confirm-stars", *this, "--body", "评星考核工作领导小组")
    yield Step(at("2026-02-17"), SECRETARY, confirming, refused=True)
    yield Step(at("2026-02-25"), SECRETARY, confirming)
    yield Step(at("2026-02-25", "10:00"), DEPUTY, confirming)
    late = ("file-objection", *this, "--objection", "O2025", "--about", "Q10", "--objector", "Q11")
    yield Step(at("2026-02-26"), "Q11", (*late, "--statement", "十一月任务已完成，记实有误"), refused=True)
    correction = ("--correction", "C2025")
    opening = ("open-correction", *this, *correction, "--person", "Q10", "--cause", "逾期异议", "--objection", "O2025")
    yield Step(at("2026-02-27"), DISCIPLINE, opening)
    amendment = '{"person": "Q10", "component": "records", "period": "2025-11", "points": "100"}'
    yield Step(
        at("2026-03-02"),
        DISCIPLINE,
        (
            "decide-correction", *this, *correction, "--verdict", "upheld", "--findings", "查证属实",
            "--body", "评星考核工作领导小组", "--amendments", amendment,
        ),
    )  # fmt: skip
    yield Step(at("2026-03-02", "15:00"), RECORDER, ("post-notice", *this, "--notice", "N2025-2", *notice))
    yield Step(at("2026-03-10"), SECRETARY, confirming)


def _use(this: tuple[str, ...]) -> Iterator[Step]:
    for person in MEMBERS:
        words = ("deliver-feedback", *this, "--person", person, "--on", "2026-03-11", "--signed")
        yield Step(at("2026-03-11"), DEPUTY if person == SECRETARY else SECRETARY, words)
    honour = ("--person", EXCELLENT[5], "--honour", "优秀共产党员")
    yield Step(at("2026-03-12"), SECRETARY, ("recommend-member", *this, *honour, "--to-body", "数控加工厂党委"))
    yield Step(
        at("2026-03-13"),
        SECRETARY,
        ("grant-award", *this, *honour, "--awarded-by", "数控加工厂党委", "--on", "2026-03-13"),
    )
    yield Step(
        at("2026-03-16"),
        SECRETARY,
        (
            "hold-talk", "--talk", "T2025", *this, "--person", FAILING, "--kind", "admonition", "--on", "2026-03-16",
            "--by", SECRETARY, "--recorder", RECORDER, "--ground", "年度未能评星", "--content", "指出差距，提出要求",
            "--response", "接受批评", "--signed", "--copied-to", "数控加工厂党委", "--rectify-by", "2026-06-30",
        ),
    )  # fmt: skip
    yield Step(
        at("2026-03-17"),
        RECORDER,
        ("send-staff-results", "--branch", BRANCH, "--period", "2025-12", "--to-body", "数控加工厂行政"),
    )
