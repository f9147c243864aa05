"""A page as plain text for a terminal or a typewriter: no line wider than `WIDTH`, a Chinese character being two."""

import unicodedata
from collections.abc import Iterable, Iterator

from domain.text import Text
from projections.one_page import WIDTH, Page, PageStep

STEPS = Text("计算步骤（按序号复算）", "Calculation, step by step")
PROCEDURE = Text("程序", "Procedure")
FACTS = Text("依据的记录：录入人、日期、账本位置", "Facts: who recorded them, when, position in the ledger")
CITED = Text("条款与所用解释", "Clauses, and readings that applied")
WITHHELD = Text("未出示的内容", "Not shown")
ORIGIN = Text("出处", "Origin")
SIGNED = (Text("计算", "computed by"), Text("复核", "checked by"), Text("本人", "member"), Text("日期", "date"))
_HANGING = 3
_FIRST, _LAST = "（《〔“", "，。；：）》〕”、"
"""No line ends with the first of these, and none begins with the last."""


def page_lines(page: Page) -> list[str]:
    """Return the page as lines."""
    said = [page.title, page.of, "   ".join(f"{name}: {value}" for name, value in page.results)]
    numbered = (f"{number}. {_step(step, page)}" for number, step in enumerate(page.steps, start=1))
    sections = (
        (STEPS, numbered),
        (PROCEDURE, (_step(step, page) for step in page.procedure)),
        (FACTS, page.facts),
        (CITED, (f"{cited} {words}" for cited, words in page.cited)),
        (WITHHELD, page.withheld),
        (ORIGIN, (*page.origin, page.annex)),
    )
    lines = [line for each in said for line in wrapped(each, 0)]
    for title, content in sections:
        lines.extend(_section(title.said_in(page.language), content))
    return [*lines, "", "  ".join(f"{each.said_in(page.language)} ______________" for each in SIGNED)]


def page_text(page: Page) -> str:
    """Return the page as text."""
    return "".join(f"{line}\n" for line in page_lines(page))


def folded_words(step: PageStep, page: Page) -> str:
    """Return how many steps are folded beneath a step; nothing where none is."""
    if not step.folded:
        return ""
    return Text(f"（其下{step.folded}步见附件）", f" ({step.folded} steps beneath: annex)").said_in(page.language)


def _step(step: PageStep, page: Page) -> str:
    return " ".join(
        filter(None, (f"{step.words}{folded_words(step, page)}", f"[{' '.join(step.clauses)}]", step.sources))
    )


def _section(title: str, content: Iterable[str]) -> Iterator[str]:
    lines = [line for each in content for line in wrapped(each, _HANGING)]
    if lines:
        yield f"── {title} " + "─" * max(0, WIDTH - width(title) - 4)
        yield from lines


def width(words: str) -> int:
    """Return how many columns `words` take."""
    return sum(2 if _is_wide(each) else 1 for each in words)


def wrapped(words: str, hanging: int) -> Iterator[str]:
    """Yield `words` in lines of at most `WIDTH` columns, the second and later ones indented by `hanging`."""
    line = ""
    for piece in _pieces(words):
        if line.strip() and width(line) + width(piece.rstrip()) > WIDTH:
            yield line.rstrip()
            line = " " * hanging + piece.lstrip()
        else:
            line += piece
    yield line.rstrip()


def _pieces(words: str) -> list[str]:
    """Return the pieces between which a line may end: a word with the space behind it, or one Chinese character."""
    pieces = [""]
    for each in words:
        before = pieces[-1]
        ends = before.endswith((" ", *_LAST)) or (before and _is_wide(before[-1])) or width(before) >= WIDTH - _HANGING
        if each not in _LAST and (ends or _is_wide(each)) and not before.endswith(tuple(_FIRST)):
            pieces.append(each)
        else:
            pieces[-1] = before + each
    return pieces


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
