"""One page with the steps behind a star: printed as text, or written as a document for a sheet of A4."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.table_asking import write_new
from domain.text import Language, Text
from projections.one_page import Matter, one_page
from projections.page_html import page_html
from projections.page_text import page_lines, page_text

PAGE = Annotated[
    str | None,
    typer.Option("--page", help="one page: an HTML file for A4 to write (a file that is there stays), or - for text"),
]


def put_page(matter: Matter, where: str, language: Language) -> None:
    """Print the page on stdout where `where` is `-`, else write it as a new file."""
    page = one_page(matter, language, lambda tried: len(page_lines(tried)))
    if where == "-":
        sys.stdout.write(page_text(page))
        return
    write_new(Path(where), page_html(page).encode(), language)
    sys.stderr.write(f"{_written(where).said_in(language)}\n")


def _written(where: str) -> Text:
    return Text(f"已写入 {where}，可打印在一张A4纸上。", f"Written to {where}; it prints on one sheet of A4.")
