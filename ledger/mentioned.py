"""Which ids of a kind facts have mentioned: what somebody can choose from who fills in a form."""

from typing import Any

from sqlalchemy import and_, select

from domain.ids import KINDS
from ledger import schema
from ledger.ledger import Ledger

MOST = 300


def mentioned(ledger: Ledger, kind: Any, beside: str | None = None, most: int = MOST) -> list[str]:  # noqa: ANN401
    """Return the ids of a kind (a type of `domain.ids`) in the order of their names, the last `most` of them.

    `beside` is a tag: only ids that stand in a fact together with it.
    """
    prefix = f"{KINDS[kind]}:"
    tags, others = schema.tags.alias(), schema.tags.alias()
    asked = select(tags.c.tag).where(
        tags.c.ledger_id == ledger.ledger_id, tags.c.tag > prefix, tags.c.tag < f"{KINDS[kind]};"
    )
    if beside is not None:
        together = and_(others.c.ledger_id == tags.c.ledger_id, others.c.position == tags.c.position)
        asked = asked.join(others, together).where(others.c.tag == beside)
    with ledger.connect() as connection:
        found = connection.execute(asked.distinct().order_by(tags.c.tag.desc()).limit(most)).scalars()
        return sorted(tag.removeprefix(prefix) for tag in found)
