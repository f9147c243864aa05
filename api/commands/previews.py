"""What a command would be recorded as and whom that would change, as far as the one who asks may see it (S6)."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field

from api.principal import Principal
from api.viewing import viewer_for
from domain.decision import Event
from ledger.ledger import Ledger
from projections.effects import effects
from projections.effects_json import effects_json, events_json
from projections.names import names_in
from projections.withholding import Viewer


class Preview(BaseModel):
    """What would be recorded, and whom that would change: nothing was written."""

    events: list[dict[str, Any]] = Field(description="type and data; words that would be sealed are not repeated")
    effects: list[dict[str, Any]] = Field(description="for each round reached: whose total or star would change")


def preview_of(ledger: Ledger, events: Iterable[Event], principal: Principal) -> Preview:
    """Return a preview; who reads by no office is told of himself alone."""
    said = list(events)
    found = effects(ledger, said)
    told = effects_json(found, names_in(ledger).person) if found else []
    viewers = [viewer_for(ledger, principal, branch=each.branch) for each in found]
    return Preview(
        events=events_json(said),
        effects=[_open_to(each, principal, viewer) for each, viewer in zip(told, viewers, strict=True)],
    )


def _open_to(told: dict[str, Any], principal: Principal, viewer: Viewer) -> dict[str, Any]:
    shown = [
        change
        for change in told["changes"]
        if change["person"] == principal.person or viewer.reads_by_office((change["person"],))
    ]
    return told | {"changes": shown} | ({} if viewer.holds_office else {"undecided": [], "withheld": []})
