"""The schemes that come with Starledger, as data files, and the way to read them."""

from importlib.resources import files

SHIPPED = ("annual-360", "monthly-points", "blank")


def shipped(name: str) -> bytes:
    """Return the bytes of the shipped rulebook `name`; KeyError where there is none of that name."""
    if name not in SHIPPED:
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}.toml").read_bytes()


def schema() -> bytes:
    """Return the JSON Schema of rulebooks, for editors (made by docs/rulebook_schema.py)."""
    return files(__name__).joinpath("schema.json").read_bytes()
