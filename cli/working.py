"""Progress of long work: a bar on the terminal where somebody is looking, nothing otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from cli.settings import Settings
from cli.visible import screen
from domain.text import Text


@contextmanager
def working(what: Text, settings: Settings) -> Iterator[Callable[[int, int], None]]:
    """Show that work is under way; give what is to be told how much of how much is done."""
    console = Console(file=screen())
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what.said_in(settings.language))
        yield lambda done, total: bar.update(task, completed=done, total=total)
