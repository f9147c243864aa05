"""A page as one HTML document for an A4 sheet: everything in it is inside it, nothing is asked for elsewhere."""

from collections.abc import Iterable
from html import escape
from typing import Final

from domain.text import Text
from projections.one_page import Page, PageStep
from projections.page_text import CITED, FACTS, ORIGIN, PROCEDURE, SIGNED, STEPS, WITHHELD, folded_words, page_lines

_AIRY_LINES: Final = 50
"""Up to so many lines of text there is room on the sheet for a larger print."""
_STYLE: Final = """
@page { size: A4 portrait; margin: 12mm 14mm }
* { box-sizing: border-box }
body { font: 9.2pt/1.34 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, "Songti SC", serif; color: #111;
  margin: 0 auto; max-width: 182mm }
header { display: flex; justify-content: space-between; align-items: flex-end; border-bottom: 1.4pt solid #111;
  padding-bottom: 1.6mm }
h1 { font-size: 15pt; line-height: 1.2; margin: 0 } header p { margin: .6mm 0 0; font-size: 10pt }
dl { display: flex; gap: 5mm; margin: 0; text-align: right } dt { font-size: 7.6pt; color: #555 }
dd { margin: 0; font-size: 12pt; font-weight: 600; white-space: nowrap }
h2 { font-size: 9.2pt; line-height: 1.2; margin: 2.6mm 0 .8mm; padding-bottom: .5mm; border-bottom: .5pt solid #999 }
table { width: 100%; border-collapse: collapse } td { padding: .25mm 0; vertical-align: top }
tr + tr td { border-top: .25pt dotted #bbb }
.n { width: 6mm; color: #555; text-align: right; padding-right: 2mm }
.c { width: 38mm; padding-left: 2.5mm; color: #444; font-size: 7.6pt }
.c span { white-space: nowrap }
.s { width: 30mm; padding-left: 2.5mm; color: #444; font-size: 7.6pt; overflow-wrap: anywhere }
.w { font-variant-numeric: tabular-nums; overflow-wrap: anywhere } tr:last-child .w.k { font-weight: 600 }
ul { margin: 0; padding: 0; list-style: none; font-size: 7.8pt; line-height: 1.34 } li { overflow-wrap: anywhere }
ul.two { columns: 2; column-gap: 6mm } ul.two li { break-inside: avoid } b { font-weight: 600 }
footer { display: flex; gap: 6mm; margin-top: 5mm; font-size: 9pt }
footer span { flex: 1; border-bottom: .5pt solid #111; padding-bottom: .6mm; white-space: nowrap }
.dense { font-size: 8.5pt; line-height: 1.25 } .dense td { padding-top: 0; padding-bottom: 0 }
.dense h2 { margin: 1.8mm 0 .5mm }
.dense ul { font-size: 7.2pt; line-height: 1.22 } .dense footer { margin-top: 4mm }
@media screen { body { padding: 12mm 0 } }
"""


def page_html(page: Page) -> str:
    """Return the page as a document that prints on one sheet of A4."""
    results = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in page.results)
    steps = "".join(_row(f"{number}", step, page, " k") for number, step in enumerate(page.steps, start=1))
    acts = "".join(_row("·", step, page, "") for step in page.procedure)
    cited = (f"<b>{escape(cited)}</b> {escape(words)}" for cited, words in page.cited)
    body = "".join(
        (
            f"<header><div><h1>{escape(page.title)}</h1><p>{escape(page.of)}</p></div><dl>{results}</dl></header>\n",
            _section(STEPS, f"<table>{steps}</table>" if steps else "", page),
            _section(PROCEDURE, f"<table>{acts}</table>" if acts else "", page),
            _section(FACTS, _list(map(escape, page.facts)), page),
            _section(CITED, _list(cited, " class=two"), page),
            _section(WITHHELD, _list(map(escape, page.withheld)), page),
            _section(ORIGIN, _list(map(escape, (*page.origin, page.annex))), page),
            f"<footer>{''.join(f'<span>{escape(each.said_in(page.language))}</span>' for each in SIGNED)}</footer>\n",
        )
    )
    language = {"zh": "zh-CN", "en": "en"}[page.language]
    title = escape(f"{page.title} · {page.of}")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    dense = ' class="dense"' if len(page_lines(page)) > _AIRY_LINES else ""
    return f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body{dense}>\n{body}</body></html>\n'


def _row(mark: str, step: PageStep, page: Page, kind: str) -> str:
    words = f"{escape(step.words)}{escape(folded_words(step, page))}"
    clauses = " ".join(f"<span>{escape(each)}</span>" for each in step.clauses)
    cells = f'<td class=n>{mark}<td class="w{kind}">{words}<td class=c>{clauses}<td class=s>{escape(step.sources)}'
    return f"<tr>{cells}</tr>\n"


def _list(lines: Iterable[str], kind: str = "") -> str:
    items = "".join(f"<li>{line}</li>\n" for line in lines)
    return f"<ul{kind}>{items}</ul>" if items else ""


def _section(title: Text, content: str, page: Page) -> str:
    return f"<section><h2>{escape(title.said_in(page.language))}</h2>{content}</section>\n" if content else ""
