"""What is told of an answer: itself, for whom it was made, and what was withheld from him, as one JSON-ready value.

The terminal's `--json` and HTTP say the same because both say it here.
"""

import msgspec

from projections.disclosed_rows import Hidden, RowCurtain


def told(answer: object, curtain: RowCurtain) -> dict[str, object]:
    """Return an answer beside whom it is for and what was withheld from him, with clauses and reasons."""
    viewer = curtain.disclosures.viewer
    withheld = [{"field": each.field, "clause": each.clause, "why": each.why} for each in curtain.withheld]
    return {"audience": viewer.audience, "reader": viewer.person, "answer": answer, "withheld": withheld}


def plain(value: object) -> object:
    """Return what JSON writes for a mark of what is withheld; `NotImplementedError` for anything else."""
    if isinstance(value, Hidden):
        return "".join(value)
    message = f"no JSON for {type(value).__name__}"
    raise NotImplementedError(message)


def encoded(value: object) -> bytes:
    """Return a value as JSON: texts in both languages, times in RFC 3339, exact numbers in strings."""
    return msgspec.json.encode(value, enc_hook=plain)
