"""QR codes as drawings: what is in them is the notice's code and the ledger's head, and never an address."""

import io

import segno


def notice_words(code: str, size: int, root: str) -> str:
    """Return what the QR of a notice says: the words to check it with, and the head that it was printed under.

    No address: it would change with the installation, and the notice's reprint with it (decision 32).
    """
    return f"starledger check-notice {code}\n{size} {root}"


def drawn(words: str) -> str:
    """Return a QR code (correction level M) as SVG, black on white; the same drawing for the same words."""
    target = io.BytesIO()
    segno.make_qr(words, error="m").save(target, kind="svg", border=2, dark="#000", light="#fff", xmldecl=False)
    return target.getvalue().decode()
