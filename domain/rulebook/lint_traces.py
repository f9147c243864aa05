"""Words that name a trace instead of a deed, each with the clause of the norm that says not to reward it (§8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.text import Text

FINGERTIPS = Text(
    zh="2023年12月《关于防治“指尖上的形式主义”的若干意见》",
    en="the opinions against “formalism at the fingertips” of December 2023",
)
RELIEF = Text(
    zh="2024年8月《整治形式主义为基层减负若干规定》",
    en="the provisions on relieving the grass roots of formalism of August 2024",
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One kind of trace: what it is called, the norm that speaks of it, and the words that name it in an item."""

    title: Text
    norm: Text
    words: tuple[str, ...]


TRACES: tuple[Trace, ...] = (
    Trace(Text("打卡签到", "check-ins"), FINGERTIPS, ("打卡", "签到", "check-in", "check in", "checking in")),
    Trace(
        Text("积分排名", "rankings"),
        FINGERTIPS,
        ("积分排名", "排名", "名次", "排行", "ranking", "leaderboard", "league table"),
    ),
    Trace(Text("在线时长", "online time"), FINGERTIPS, ("在线时长", "在线时间", "online time", "time online")),
    Trace(
        Text("学习时长", "study minutes"),
        FINGERTIPS,
        ("学习时长", "学习分钟", "学时", "study minutes", "minutes of study", "study hours", "hours of study"),
    ),
    Trace(Text("转发点赞", "shares and likes"), FINGERTIPS, ("转发", "点赞", "reposts", "number of likes")),
    Trace(
        Text("拍照留痕", "photographs"),
        RELIEF,
        ("照片", "拍照", "截图", "留痕", "photo", "screenshot", "selfie"),
    ),
    Trace(Text("学习笔记", "study notes"), RELIEF, ("学习笔记", "心得体会", "study note")),
    Trace(
        Text("会议和文件数量", "meetings held and papers issued"),
        RELIEF,
        ("会议次数", "开会次数", "发文数量", "number of meetings", "papers issued"),
    ),
)

BY_WORD: Mapping[str, Trace] = {word: trace for trace in TRACES for word in trace.words}
"""Every word with the trace that it names."""


def traces_in(words: str) -> Iterator[tuple[str, Trace]]:
    """Yield the words of the table that stand in `words`, each with its trace, in the order of the table."""
    said = words.lower()
    yield from ((word, trace) for word, trace in BY_WORD.items() if word in said)
