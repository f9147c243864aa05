"""Which rulebook a word at the terminal means: a shipped one, one adopted in the ledger, or a file."""

from collections.abc import Iterable
from pathlib import Path

import rulebooks
from cli.exits import Exit, stop
from cli.settings import Settings
from cli.wiring import installation
from domain.adoption import AdoptRulebook
from domain.decision import Command
from domain.findings import Finding
from domain.rulebook import lint, parse_rulebook
from domain.rulebook.lint import severity
from domain.text import Text
from ledger.ledger import Ledger
from ledger.store import Attachment
from projections.answers.adopted import adopted_document
from projections.answers.rulebooks import Read

ADOPTED = "adopted:"


def read_rulebook(word: str, settings: Settings, ledger: Ledger | None = None) -> Read:
    """Return the rulebook that `word` means; ends with 3 or 4 where there is none to read, raises `Invalid`.

    `adopted:ID` is the newest version adopted in the ledger, `adopted:ID@VERSION` that very one.
    """
    if word.startswith(ADOPTED):
        document = _adopted(word.removeprefix(ADOPTED), settings, ledger)
    elif word in rulebooks.SHIPPED:
        document = rulebooks.shipped(word)
    else:
        document = _file(word, settings)
    return Read(document, parse_rulebook(document))


def warnings_about(asked: Command, attachments: Iterable[Attachment]) -> tuple[Finding, ...]:
    """Return the faults and warnings about the rulebook that a command would adopt; nothing for another command."""
    if not isinstance(asked, AdoptRulebook):
        return ()
    document = next(each.content for each in attachments if each.sha256 == asked.document)
    return tuple(found for found in lint(parse_rulebook(document)) if severity(found.code) != "note")


def _file(path: str, settings: Settings) -> bytes:
    try:
        return Path(path).read_bytes()
    except PermissionError:
        stop(Exit.NOT_PERMITTED, Text(f"无权读取 {path}。", f"Not permitted to read {path}."), settings.language)
    except (OSError, ValueError):
        stop(Exit.NOT_FOUND, _no_file(path), settings.language)


def _adopted(word: str, settings: Settings, ledger: Ledger | None) -> bytes:
    if ledger is None:
        with installation(settings) as installed:
            return _adopted(word, settings, installed.ledger)
    found = adopted_document(ledger, word)
    if found is None:
        stop(Exit.NOT_FOUND, _not_adopted(word), settings.language)
    return found


def _no_file(path: str) -> Text:
    shipped = "、".join(rulebooks.SHIPPED), ", ".join(rulebooks.SHIPPED)
    return Text(
        f"找不到文件 {path}；随附的办法：{shipped[0]}。", f"There is no file {path}; shipped rulebooks: {shipped[1]}."
    )


def _not_adopted(word: str) -> Text:
    return Text(
        f"账本中没有通过的办法 {word}；请核对编号和版本。",
        f"No rulebook {word} was adopted in this ledger; check its id and version.",
    )
