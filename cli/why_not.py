"""`starledger why-not`: what stands between a person and a star, and what would suffice (A4)."""

import sys
from typing import Annotated

import typer

from cli.as_of import position_of
from cli.audience import for_audiences, showing
from cli.exits import refuse
from cli.options import AS_OF, JSON, ROUND, settings_of
from cli.wiring import installation
from domain.decision import Refused
from domain.scoring import written
from domain.scoring.sufficient import Sufficient
from domain.text import Language, Text
from projections.answers.reading import instant_at
from projections.answers.supposing import why_not_told
from projections.names import Names, names_in
from projections.why_not import WhyNot, why_not

PANEL = "auditing"


def add_why_not(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("why-not", rich_help_panel=PANEL)(for_audiences(why_not_this_star))


def why_not_this_star(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    round_id: ROUND,
    person: Annotated[str, typer.Option(help="whose star (id)")],
    star: Annotated[int, typer.Option(help="the star asked about")],
    as_of: AS_OF = None,
    *,
    as_json: JSON = False,
) -> None:
    """Print which gate, veto, missing rater, band, cap, tie or open objection stands between a person and a star.

    And the least that each component would have to be, all else unchanged; of others it says only how they are placed.
    """
    settings = settings_of(ctx)
    with installation(settings) as installed:
        ledger = installed.ledger
        upto = None if as_of is None else position_of(ledger, as_of, settings)
        curtain, names = showing(ctx, ledger, upto), names_in(ledger, upto)
        try:
            now = instant_at(ledger, upto)
            found = why_not(ledger, round_id, person, star, now, upto, curtain.disclosures)
        except Refused as refused:
            refuse(refused, settings.language, as_json=as_json)
    if as_json:
        curtain.print_json(why_not_told(found))
    else:
        _print(found, names, settings.language)


def _print(found: WhyNot, names: Names, language: Language) -> None:
    said = [_heading(found, names), *(_between_lines(found))]
    if found.suffices:
        said.append(_ALONE if found.alone else _SUFFICE)
        said += [_sufficient(each) for each in found.suffices]
    sys.stdout.writelines(f"{each.said_in(language)}\n" for each in said)


def _between_lines(found: WhyNot) -> list[Text]:
    lines = []
    for each in found.between:
        facts = "".join(f" #{position}" for position in each.facts)
        behind = f"  [{each.clause}]{facts}"
        lines.append(Text(f"  {each.text.zh}{behind}", f"  {each.text.en}{behind}"))
    return lines


def _sufficient(each: Sufficient) -> Text:
    title, least = each.component.title, each.least
    if each.now is None or each.more is None:
        return Text(f"  {title.zh}：至少 {least}", f"  {title.en}: at least {least}")
    now, more = written(each.now), written(each.more)
    return Text(f"  {title.zh}：{now} → {least}（多 {more}）", f"  {title.en}: {now} → {least} ({more} more)")


def _heading(found: WhyNot, names: Names) -> Text:
    who = f"{found.person} {names.person(found.person)}  {found.round}"
    if not found.between and found.holds is not None and found.holds >= found.star:
        return Text(f"{who}：已达到{found.label.zh}", f"{who}: {found.label.en} is reached")
    return Text(f"{who}：与{found.label.zh}之间", f"{who}: between him and {found.label.en}")


_SUFFICE = Text("其他不变，下列任一项即足够：", "all else unchanged, any one of these would suffice:")
_ALONE = Text(
    "其他不变，下列任一项即达到该星级的分数线（名额另计，不出示他人得分）：",
    "all else unchanged, any one of these would reach the star by score (places not counted: others' scores are not "
    "shown):",
)
