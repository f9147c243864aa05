"""A preview of a table in words, a line for each cell that wants a look."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from domain.text import Language, Text
from workbooks.cells import shortest
from workbooks.header import column_name
from workbooks.preview import Line, LineKind

KIND_WORDS: dict[LineKind, Text] = {
    "new": Text("新增", "new"),
    "changed": Text("改动", "changed"),
    "unchanged": Text("未变", "unchanged"),
    "missing": Text("缺分", "missing"),
    "not_applicable": Text("不适用", "not applicable"),
    "error": Text("错误", "error"),
    "note": Text("提示", "note"),
}
_SHOWN = frozenset({"new", "changed", "missing", "not_applicable", "error", "note"})


def counts_words(counts: Mapping[LineKind, int], language: Language) -> str:
    """Return how many lines there are of each kind."""
    return " · ".join(f"{KIND_WORDS[kind].said_in(language)} {count}" for kind, count in counts.items() if count)


def score_words(lines: Iterable[Line], language: Language) -> Iterator[str]:
    """Yield a line for every cell that is not simply unchanged: what, where, whose, and what to do."""
    for line in lines:
        if line.kind in _SHOWN:
            yield " ".join(filter(None, (KIND_WORDS[line.kind].said_in(language), line.place, *_score(line, language))))


def _score(line: Line, language: Language) -> Iterator[str]:
    if line.kind in ("error", "note"):
        yield from said_in(language, line.reason, line.remedy)
        return
    yield line.name
    yield "" if line.component is None else column_name(line.component).said_in(language)
    if line.kind == "changed":
        yield f"{_number(line.before)} → {_number(line.after)}"
    else:
        yield _number(line.after) if line.kind == "new" else ""
    yield from said_in(language, line.reason, line.remedy)


def said_in(language: Language, *texts: Text | None) -> Iterator[str]:
    """Yield the sentences that there are."""
    yield from (text.said_in(language) for text in texts if text is not None)


def text_json(text: Text | None) -> dict[str, str] | None:
    """Return a sentence in both languages as JSON-ready values."""
    return None if text is None else {"zh": text.zh, "en": text.en}


def _number(number: Decimal | None) -> str:
    return "" if number is None else f"{shortest(number):f}"
