# ruff: noqa: INP001 - a script beside the pages it writes, no package
"""Write pictures of some printed forms into `docs/pictures`: `.venv/bin/python docs/printed.py [DEMO_DATA]`.

They are filled in from the demo's ledger, which is played into a temporary directory where none is named.
"""

import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cli.main import main as starledger  # noqa: E402 - the packages lie beside this script's folder
from cli.settings import Settings  # noqa: E402
from cli.wiring import installation  # noqa: E402
from paper.catalogue import form_named  # noqa: E402
from paper.editions import edition_of  # noqa: E402
from paper.setting import picture  # noqa: E402
from paper.source import Asked, Source  # noqa: E402
from projections.disclosed_rows import RowCurtain  # noqa: E402
from projections.names import names_in  # noqa: E402
from projections.withholding import Disclosures, Viewer  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures"
WIDTH_PIXELS: Final = 520
SHOWN: Final = {
    "notice": Asked(round="R2025", notice="N1"),
    "table-3-1": Asked(round="R2025"),
    "ballot": Asked(box="V2025"),
    "improvement": Asked(round="R2025", person="P20"),
    "matrix": Asked(round="Y2025", person="Q08"),
}


def main() -> None:
    """Write every picture."""
    if len(sys.argv) > 1:
        write(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        starledger(["--data", str(data), "--lang", "zh", "demo", "--no-serve"])
        write(data)


def write(data: Path) -> None:
    """Write the pictures from the demo's ledger in a directory."""
    PICTURES.mkdir(exist_ok=True)
    for name in SHOWN:
        (PICTURES / f"printed-{name}.png").write_bytes(drawn(data, name))
        sys.stdout.write(f"docs/pictures/printed-{name}.png\n")


def drawn(data: Path, name: str) -> bytes:
    """Return one form as a picture, a notice as it was posted."""
    form, asked = form_named(name), SHOWN[name]
    with installation(Settings(data, None, None, None, None, "zh")) as installed:
        ledger = installed.ledger
        notice = None if asked.notice is None else edition_of(ledger, asked.needed("round"), asked.notice)
        upto = ledger.head().size if notice is None else notice.position
        with installed.follower.as_of(upto, {view.name for view in form.views}) as reading:
            curtain = RowCurtain(Disclosures(ledger, Viewer(), upto), "zh")
            sheet = form.make(Source(ledger, reading, names_in(ledger, upto), curtain), asked)
            return picture(sheet, width_pixels=WIDTH_PIXELS)


if __name__ == "__main__":
    main()
