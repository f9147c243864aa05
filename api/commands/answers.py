"""What is answered once a command was carried out: its receipt, and where the proof of it is."""

from datetime import datetime

from pydantic import BaseModel, Field

from ledger.ledger import Receipt


class Links(BaseModel):
    """Where to go from here."""

    facts: list[str] = Field(description="the facts that were recorded", examples=[["/api/v1/facts/4287"]])
    proofs: list[str] = Field(
        description="for each, a receipt that anybody can check without us", examples=[["/api/v1/facts/4287/receipt"]]
    )


class Recorded(BaseModel):
    """What became of a command; no positions where it was so already."""

    command_id: str = Field(description="under which it stands in the facts", examples=["key-5d41402abc4b2a76b9719d91"])
    positions: list[int] = Field(description="of its facts in the one order", examples=[[4287]])
    recorded_at: datetime = Field(examples=["2026-01-05T12:00:00Z"])
    repeated: bool = Field(description="whether it had been done before under this key", examples=[False])
    links: Links


def recorded(receipt: Receipt) -> Recorded:
    """Return a receipt as it is answered."""
    facts = [f"/api/v1/facts/{position}" for position in receipt.positions]
    return Recorded(
        command_id=receipt.command_id,
        positions=list(receipt.positions),
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        links=Links(facts=facts, proofs=[f"{fact}/receipt" for fact in facts]),
    )
