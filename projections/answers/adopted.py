"""Which rulebooks a ledger has adopted, and their documents."""

from domain.catalogues import Catalogues
from domain.ids import RulebookId
from ledger.ledger import Ledger
from projections.answers.rulebooks import Named
from projections.folding import folded


def adopted_document(ledger: Ledger, word: str, upto: int | None = None) -> bytes | None:
    """Return the document of `ID`, the newest version adopted, or of `ID@VERSION`; None where there is none."""
    name, _, version = word.partition("@")
    catalogues = folded(ledger, Catalogues, upto=upto)
    known = catalogues.versions.get(RulebookId(name), [])
    found = [each for each in known if not version or str(each.version) == version]
    return catalogues.documents[found[-1].document] if found else None


def adopted_named(ledger: Ledger, upto: int | None = None) -> list[Named]:
    """Return every version adopted, by rulebook, in the order of adoption."""
    versions = folded(ledger, Catalogues, upto=upto).versions
    return [Named(each.rulebook, each.version, each.document) for known in versions.values() for each in known]
