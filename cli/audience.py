"""For whom a reading sub-command answers: `--audience` or `--reader`, and how what is withheld is said.

Without either, the answer is the full view of the office-holder at the terminal.
"""

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from cli.as_of import day_of, reading
from cli.exits import Exit, stop
from cli.options import settings_of
from cli.printing import print_json
from cli.wiring import installation
from domain.text import Text
from ledger.ledger import Ledger
from projections.answers.auditing import facts_of
from projections.disclosed_facts import FactReader
from projections.disclosed_rows import RowCurtain
from projections.engine import Reading
from projections.names import Names, names_in
from projections.told import plain, told
from projections.view import View
from projections.withholding import AUDIENCES, Disclosures, Viewer

_KEY = "starledger.viewer"
_ADDED = (
    inspect.Parameter(
        "audience",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            str | None, typer.Option("--audience", help=f"only what may be shown to them: {', '.join(AUDIENCES)}")
        ],
    ),
    inspect.Parameter(
        "reader",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            str | None, typer.Option("--reader", help="only what this person may be shown: his own, and his branch's")
        ],
    ),
)


def for_audiences(command: Callable[..., None]) -> Callable[..., None]:
    """Return a reading sub-command that also takes `--audience` and `--reader`."""
    signature = inspect.signature(command)

    @functools.wraps(command)
    def run(*, audience: str | None, reader: str | None, **given: Any) -> None:  # noqa: ANN401 - the command's options
        context: typer.Context = given["ctx"]
        language = settings_of(context).language
        if audience is not None and reader is not None:
            stop(Exit.USAGE, _ONE_OF_TWO, language)
        if audience is not None and audience not in AUDIENCES:
            stop(Exit.USAGE, _unknown(audience), language)
        context.meta[_KEY] = Viewer(audience, reader)
        command(**given)

    keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in signature.parameters.values()]
    run.__signature__ = signature.replace(parameters=[*keywords, *_ADDED])  # type: ignore[attr-defined]
    run.__annotations__ = {
        **inspect.get_annotations(command),
        **{added.name: added.annotation for added in _ADDED},
    }
    return run


class Showing(RowCurtain):
    """The curtain of one run of the terminal: takes out what the audience is not shown, then says what that was."""

    @property
    def facts(self) -> FactReader | None:
        """Return what stands between single facts and the audience; None where nothing does."""
        return facts_of(self)

    def print_json(self, answer: object) -> None:
        """Print an answer as JSON; before an audience it stands beside what was withheld from it."""
        viewer = self.disclosures.viewer
        if viewer == Viewer():
            print_json(answer)
            return
        print_json(told(answer, self), enc_hook=plain)

    def print_withheld(self) -> None:
        """Print what was withheld, under which clause and why, one line each."""
        sys.stdout.writelines(f"{line}\n" for line in self.lines())

    def lines(self) -> tuple[str, ...]:
        """Return what was withheld, under which clause and why, one line each."""
        return tuple(each.line(self.language) for each in self.withheld)


def viewer_of(ctx: typer.Context) -> Viewer:
    """Return whom this run answers."""
    viewer: Viewer = ctx.meta.get(_KEY, Viewer())
    return viewer


def showing(ctx: typer.Context, ledger: Ledger, upto: int | None = None) -> Showing:
    """Return the curtain between a ledger, up to a position, and whom this run answers."""
    return Showing(Disclosures(ledger, viewer_of(ctx), upto), settings_of(ctx).language)


@contextmanager
def opened(
    ctx: typer.Context, views: Sequence[View], as_of: str | None, occurred_until: str | None = None
) -> Iterator[tuple[Reading, Names, Showing]]:
    """Lend `views` as of a position or a time, the names there, and the curtain before whom this run answers.

    Nothing is folded but the views that the answer is read from.
    """
    settings = settings_of(ctx)
    day = day_of(occurred_until, settings)
    with installation(settings) as installed, reading(installed, views, as_of, day) as lent:
        ledger, upto = installed.ledger, lent.position
        yield lent, names_in(ledger, upto), showing(ctx, ledger, upto)


_ONE_OF_TWO = Text("--audience 与 --reader 只能用一个。", "Say either --audience or --reader.")


def _unknown(audience: str) -> Text:
    listed = "、".join(AUDIENCES), ", ".join(AUDIENCES)
    return Text(
        f"没有对象「{audience}」；可用：{listed[0]}。", f"There is no audience '{audience}'; known: {listed[1]}."
    )
