"""Reads a page as a strict browser would: what it loads, what it says, whether anything in it could act."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("form", "action")}
VOID = {"meta", "link", "img", "input", "br", "hr", "source", "wbr"}


@dataclass
class PageRead(HTMLParser):
    """What stands on a page."""

    markup: str
    loads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    acting: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)
    language: str = ""

    def __post_init__(self) -> None:
        """Read the whole page."""
        super().__init__()
        self.feed(self.markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag loads, and whether it could act: inline scripts, styles and handlers."""
        given = dict(attrs)
        if tag not in VOID:
            self.left_open.append(tag)
        if tag == "html":
            self.language = given.get("lang") or ""
        self.loads += [value for name, value in attrs if (tag, name) in LOADS and value]
        self.links += [value for name, value in attrs if (tag, name) == ("a", "href") and value]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.acting.append(tag)
        self.acting += [f"{tag}.{name}" for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        self.acting += [value for value in given.values() if value and value.lower().startswith("javascript:")]

    def handle_endtag(self, tag: str) -> None:
        """Note that a tag was closed, and that it was the one that stood open."""
        if tag not in VOID:
            opened = self.left_open.pop() if self.left_open else None
            if opened != tag and opened not in {"p", "li", "dt", "dd", "option"}:
                self.acting.append(f"</{tag}> closes <{opened}>")

    def handle_data(self, data: str) -> None:
        """Note words."""
        if data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        """Return what the page says, one piece after the other."""
        return " ".join(" ".join(self.words).split())
