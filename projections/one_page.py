"""An explanation cut to one page: steps from the given values up to the star, each with clause, calculation and facts.

A page has at most `MOST_LINES` lines of `WIDTH` columns, a Chinese character counting as two. What does not fit is
folded: first the words of facts and clauses, then the steps beneath an item or a mean, then whatever is deepest. A
folded step says how many are beneath it; the annex, the whole explanation, has them all.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.dates import CHINA
from domain.text import Language, Text
from projections.explanation import Cited, Node
from projections.fact_notes import FactNote

MOST_LINES: Final = 60
WIDTH: Final = 100
_ALL: Final = 1_000
_FOLDS: Final = ((_ALL, _ALL), (6, _ALL), (3, _ALL), (0, _ALL), *((0, deepest) for deepest in range(9, -1, -1)))
"""How many steps that have nothing beneath them may stand below another one, and how deep the page goes at most."""
_MOST_SOURCES: Final = 8
_TERM = r"(?:\(-?[0-9.]+\)|-?[0-9.]+)"
_SUM: Final = re.compile(rf"(?<![0-9×.] ){_TERM}(?: \+ {_TERM}){{3,}}(?= =|\) ÷|$)")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a page is about: whose result, what it came to, how; `origin` says by which document and ledger.

    `procedure` are the acts of bodies, the last one first, `steps` the computation, None where it is withheld.
    """

    name: str
    of: tuple[str, ...]
    results: tuple[tuple[Text, Text], ...]
    procedure: tuple[Node, ...]
    steps: Node | None
    origin: tuple[Text, ...]
    annex: Text
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageStep:
    """One numbered line: words with their calculation, clauses, the facts beneath, and how many steps are folded."""

    words: str
    clauses: tuple[str, ...]
    sources: str
    folded: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language, as sections of lines; empty ones are left out."""

    language: Language
    title: str
    of: str
    results: tuple[tuple[str, str], ...]
    steps: tuple[PageStep, ...]
    procedure: tuple[PageStep, ...]
    facts: tuple[str, ...]
    cited: tuple[tuple[str, str], ...]
    withheld: tuple[str, ...]
    origin: tuple[str, ...]
    annex: str


def one_page(matter: Matter, language: Language, lines_of: Callable[[Page], int]) -> Page:
    """Return the page that says most of `matter` within `MOST_LINES`, as `lines_of` counts them."""
    page = _page(matter, language, _FOLDS[-1], sentences=False, clauses=False)
    for fold in _FOLDS:
        for sentences, clauses in ((True, True), (False, True), (False, False)):
            page = _page(matter, language, fold, sentences=sentences, clauses=clauses)
            if lines_of(page) <= MOST_LINES:
                return page
    return page


def _page(matter: Matter, language: Language, fold: tuple[int, int], *, sentences: bool, clauses: bool) -> Page:
    rows = () if matter.steps is None else tuple(_rows(matter.steps, fold, 0))
    acts = tuple(_Row(node.label, (node.clause,), node.facts) for node in matter.procedure)
    facts = tuple({fact.position: fact for row in (*acts, *rows) for fact in row.facts}.values())
    cited = {each.id: each for row in (*rows, *acts) for each in row.cited}
    return Page(
        language=language,
        title=Text("星级计算单", "How the star was computed").said_in(language),
        of=" · ".join((matter.name, *matter.of)),
        results=tuple((name.said_in(language), value.said_in(language)) for name, value in matter.results),
        steps=tuple(row.step(language) for row in rows),
        procedure=tuple(row.step(language) for row in acts),
        facts=tuple(_told(facts, language) if sentences else _grouped(facts, language)),
        cited=tuple((each.id, each.text.said_in(language)) for each in cited.values() if clauses or _is_reading(each)),
        withheld=matter.withheld,
        origin=tuple(line.said_in(language) for line in matter.origin),
        annex=matter.annex.said_in(language),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A step on its way to the page."""

    words: Text
    cited: tuple[Cited, ...]
    facts: tuple[FactNote, ...]
    folded: int = 0

    def step(self, language: Language) -> PageStep:
        """Return the line of it in one language."""
        ids = tuple(dict.fromkeys(each.id for each in self.cited))
        return PageStep(condensed(self.words.said_in(language)), ids, _sources(self.facts, language), self.folded)


def _rows(node: Node, fold: tuple[int, int], depth: int) -> Iterator[_Row]:
    """Yield the steps beneath `node`, given values first, then its own; folded where they are too many or too deep."""
    most, deepest = fold
    only = node.children[0] if len(node.children) == 1 else None
    if only is not None and not only.children and "=" not in only.label.zh:
        yield _merged(node, only)
        return
    many = len(node.children) > most and all(_is_short(child) for child in node.children)
    if node.children and (many or depth >= deepest):
        facts = tuple(fact for each in node.nodes() for fact in each.facts)
        yield _Row(node.label, _cited(node), facts, sum(1 for _ in node.nodes()) - 1)
        return
    for child in sorted(node.children, key=_depth, reverse=True) if depth == 0 else node.children:
        yield from _rows(child, fold, depth + 1)
    yield _Row(node.label, _cited(node), node.facts)


def _merged(node: Node, only: Node) -> _Row:
    """Return one step for two of which the lower only says what was given; its words stay where they say more."""
    words = node.label
    if not only.label.zh.endswith(f"：{only.value}") or "（" in only.label.zh:
        words = Text(f"{words.zh}（{only.label.zh}）", f"{words.en} ({only.label.en})")
    return _Row(words, (*_cited(node), *_cited(only)), (*node.facts, *only.facts))


def _is_short(node: Node) -> bool:
    return not node.children or (len(node.children) == 1 and not node.children[0].children)


def _depth(node: Node) -> int:
    return 1 + max((_depth(child) for child in node.children), default=0)


def _cited(node: Node) -> tuple[Cited, ...]:
    return (node.clause, *node.readings)


def _is_reading(cited: Cited) -> bool:
    return cited.id.startswith("AMB-")


def condensed(words: str) -> str:
    """Return `words`, equal terms of a long sum taken together: `3 + 3 + 3 + 1` is `3 × 3 + 1`."""
    return _SUM.sub(lambda found: _together(found[0].split(" + ")), words)


def _together(terms: list[str]) -> str:
    return " + ".join(term if times == 1 else f"{term} × {times}" for term, times in Counter(terms).items())


def _sources(facts: Iterable[FactNote], language: Language) -> str:
    """Return the positions of facts, neighbours as a span, what they replaced beside them; many are counted only."""
    notes = sorted({fact.position: fact for fact in facts}.values(), key=lambda fact: fact.position)
    replaced = {fact.position: fact.earlier.position for fact in notes if fact.earlier is not None}
    said = [*_spans([fact.position for fact in notes if fact.position not in replaced])]
    for position, earlier in replaced.items():
        said.append(f"#{position}{Text(f'（代替#{earlier}）', f' (for #{earlier})').said_in(language)}")
    if len(said) > _MOST_SOURCES:
        more = Text(f" 等{len(notes)}条", f" … {len(notes)} facts").said_in(language)
        return " ".join(said[: _MOST_SOURCES - 1]) + more
    return " ".join(said)


def _spans(positions: list[int]) -> Iterator[str]:
    """Yield positions in order, three and more neighbours as one span."""
    run: list[int] = []
    for position in [*positions, -1]:
        if run and position != run[-1] + 1:
            few = len(run) <= 2  # noqa: PLR2004 - two are as short as a span
            yield " ".join(f"#{each}" for each in run) if few else f"#{run[0]}–#{run[-1]}"
            run = []
        run.append(position)


def _told(facts: Iterable[FactNote], language: Language) -> Iterator[str]:
    """Yield each fact with its sentence."""
    for fact in sorted(facts, key=lambda fact: fact.position):
        yield f"#{fact.position} {_when(fact)} {_who(fact, language)}: {fact.sentence.said_in(language)}"


def _grouped(facts: Iterable[FactNote], language: Language) -> Iterator[str]:
    """Yield who recorded which facts on which day, one line for everybody."""
    by_whom: dict[str, dict[str, list[int]]] = {}
    for fact in sorted(facts, key=lambda fact: fact.position):
        by_whom.setdefault(_who(fact, language), {}).setdefault(_when(fact), []).append(fact.position)
    for who, days in by_whom.items():
        yield f"{who}: " + "; ".join(f"{day} {' '.join(_spans(positions))}" for day, positions in days.items())


def _when(fact: FactNote) -> str:
    return f"{fact.recorded_at.astimezone(CHINA):%Y-%m-%d}"


def _who(fact: FactNote, language: Language) -> str:
    late = Text("（迟录）", " (late)").said_in(language) if fact.late else ""
    behalf = (
        ""
        if fact.on_behalf_of is None
        else Text(f"（代{fact.on_behalf_of}）", f" for {fact.on_behalf_of}").said_in(language)
    )
    return f"{fact.actor}{behalf}{late}"
