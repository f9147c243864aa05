"""Every question that can be asked over HTTP, made from the description of the interface: a new route is among them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from fastapi import FastAPI

Asked = Mapping[str, Sequence[str]]
GIVEN: Final[Asked] = {
    "position": ("100",),
    "code": ("0000-0000-0000-0000",),
    "path": ("0/000.p/9",),
    "name": ("annual-360",),
    "year": ("2025",),
    "meeting": ("nowhere",),
    "box": ("box-1",),
    "star": ("4",),
    "from": ("90",),
    "old": ("10",),
    "new": ("20",),
    "size": ("100",),
    "rulebook": ("monthly-points",),
}
"""What is asked about where it does not matter, or cannot be taken from a story."""
WORDS: Final[Asked] = {"old": ("annual-360",), "new": ("monthly-points",)}
"""What is asked about where a rulebook is meant, not a size."""


def questions(served: FastAPI, asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield (route, URL) for everything that can be asked with GET, about each of the things in `asked`."""
    for route, operations in served.openapi()["paths"].items():
        if "get" not in operations:
            continue
        needed = [each for each in operations["get"].get("parameters", ()) if each.get("required")]
        values = [_values(each, asked) for each in needed]
        for chosen in product(*values):
            yield route, _url(route, needed, chosen)


def _values(parameter: Mapping[str, Any], asked: Asked) -> Sequence[str]:
    name = str(parameter["name"])
    if "pattern" in parameter["schema"] and name in WORDS:
        return WORDS[name]
    found = asked.get(name) or GIVEN.get(name)
    if found is None:
        raise LookupError(name)  # a new route: say here how it is asked
    return found


def _url(route: str, needed: Sequence[Mapping[str, Any]], chosen: Sequence[str]) -> str:
    given = dict(zip((str(each["name"]) for each in needed), chosen, strict=True))
    path = re.sub(r"{(\w+)}", lambda found: given.pop(found[1]), route)
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in given.items())}" if given else path
