"""Sentences about the keys that sign for the ledger, and about checkpoints that others hold."""

from typing import assert_never

from domain.anchoring import AnchoringEvent, AnchorRecorded, KeyAnnounced, KeyRetired, key_id
from domain.text import Text
from projections.sentences.telling import optional

_HOLDINGS = {
    "witness": Text("作为见证人", "as a witness"),
    "notice": Text("印在公示上", "on a printed notice"),
    "auditor": Text("在审计人员处", "in an auditor's folder"),
    "time_stamp": Text("附可信时间戳", "with a time-stamp"),
    "other": Text("在账本之外", "outside the ledger"),
}


def tell_anchoring(event: AnchoringEvent) -> Text:
    """Return the sentence of a fact about keys or anchors."""
    match event:
        case KeyAnnounced(since=since, decided_by=body):
            tied = optional(event.handover is not None, "，由前一密钥移交", ", handed over to by the key before")
            return Text(
                f"公布账本签署公钥 {key_id(event.key)}，自{since}起使用{tied.zh}（{body}决定）。",
                f"The key {key_id(event.key)} signs for the ledger from {since}{tied.en}, as {body} decided.",
            )
        case KeyRetired(last_size=size, why=why, decided_by=body):
            return Text(
                f"停用签署公钥 {key_id(event.key)}，其签署只计到前{size}条：{why}（{body}决定）。",
                f"The key {key_id(event.key)} is retired, as {body} decided ({why}); "
                f"what it signed counts up to {size} facts.",
            )
        case AnchorRecorded(size=size, held_by=holder, since=since):
            how = _HOLDINGS[event.kind]
            return Text(
                f"{holder}自{since}起{how.zh}保存着前{size}条的检查点，树根 {event.root[:16]}…。",
                f"{holder} holds the checkpoint of the first {size} facts {how.en} since {since}, "
                f"root {event.root[:16]}….",
            )
        case _:
            assert_never(event)
