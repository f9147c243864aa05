"""What writes the pages: templates that escape by default, in which nothing is undefined and nothing untranslated."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.assets import address_of
from api.pages.catalogues import translated
from api.pages.shown import filters_for, finalized
from domain.text import Language

TEMPLATES: Final = Path(__file__).parent / "templates"
EXTENSIONS: Final = ("jinja2.ext.i18n",)


@cache
def pen(language: Language) -> Environment:
    """Return what writes pages in a language."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalized,
        extensions=EXTENSIONS,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: translated(message, language),
        lambda one, many, number: translated(one if number == 1 else many, language),
        newstyle=True,
    )
    environment.filters.update(filters_for(language))
    environment.globals.update(language=language, asset=address_of, other="en" if language == "zh" else "zh")
    return environment
