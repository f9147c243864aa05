"""How the terminal says what another rulebook would have made of a past round."""

import sys
from collections.abc import Callable

from cli.printing import print_table
from domain.ids import PersonId
from domain.text import Language, Text
from projections.ripple import Parting, Ripple, Tried, Verdict
from projections.rulebook_trial import Trial

Name = Callable[[PersonId], str]


def print_trial(found: Trial, name: Name, language: Language) -> None:
    """Print a row for everybody who changes, then why, step by step, and what a body would have to decide."""
    sys.stdout.write(_heading(found).said_in(language) + "\n")
    print_changes(found.ripple, name, language)
    for remark in _remarks(found):
        sys.stdout.write(remark.said_in(language) + "\n")


def print_changes(found: Ripple, name: Name, language: Language) -> None:
    """Print a row for everybody who changes, then why, step by step."""
    rows = [_row(tried, name, language) for tried in found.changes]
    print_table("编号/id · 姓名/name · 总分/total · 按分数星级/star by score · 星级/star", rows, language)
    for tried in found.changes:
        sys.stdout.write(f"\n{tried.person}  {name(tried.person)}\n")
        sys.stdout.writelines(f"  {_parting(each, language)}\n" for each in tried.why)


def _row(tried: Tried, name: Name, language: Language) -> tuple[str, ...]:
    was, now = tried.before, tried.after
    labels = (_label(was, language), _label(now, language))
    return (
        tried.person,
        name(tried.person),
        _arrow(_shown(was.total), _shown(now.total)),
        _arrow(_shown(was.score_star), _shown(now.score_star)),
        _arrow(*labels),
    )


def _label(verdict: Verdict, language: Language) -> str:
    open_label = _INCOMPLETE if verdict.status == "incomplete" else _OPEN
    named = (*(verdict.labels or (open_label,)), *(() if verdict.probation is None else (verdict.probation,)))
    return " · ".join(label.said_in(language) for label in named)


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def _arrow(was: str, now: str) -> str:
    return was if was == now else f"{was} → {now}"


def _parting(each: Parting, language: Language) -> str:
    sides = ("—" if side is None else side.said_in(language) for side in (each.before, each.after))
    return f"[{each.clause}] " + " → ".join(sides)


def _heading(found: Trial) -> Text:
    count, people = len(found.ripple.changes), found.people
    return Text(
        f"{found.round}（{found.period}）：{people}人中{count}人的结果不同；没有写入任何内容。",
        f"{found.round} ({found.period}): {count} of {people} would have another result; nothing was written.",
    )


def _remarks(found: Trial) -> list[Text]:
    said = ripple_remarks(found.ripple)
    if found.unused:
        listed = "、".join(found.unused), ", ".join(found.unused)
        said.append(
            Text(f"该办法没有这些已评分的项目：{listed[0]}。", f"Scored, but not in this rulebook: {listed[1]}.")
        )
    return said


def ripple_remarks(found: Ripple) -> list[Text]:
    """Return which places change, and what a body would have to decide."""
    said = [
        Text(
            f"{_star(found, cap.star).zh}名额：{_arrow(*_places(cap.before, cap.after))}",
            f"places of {_star(found, cap.star).en}: {_arrow(*_places(cap.before, cap.after))}",
        )
        for cap in found.caps
    ]
    said += [
        Text(
            f"{_star(found, star).zh}的名额须由集体决定取谁。",
            f"A body would have to decide who takes the places of {_star(found, star).en}.",
        )
        for star in found.undecided
    ]
    return said


def _star(found: Ripple, star: int) -> Text:
    said = found.called(star)
    return Text(said.zh or f"{star}星", said.en or f"star {star}")


def _places(before: int | None, after: int | None) -> tuple[str, str]:
    return _shown(before), _shown(after)


_INCOMPLETE = Text("不完整", "incomplete")
_OPEN = Text("待定", "open")
