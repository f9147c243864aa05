"""Settings: from the command line, then the environment (`STARLEDGER_…`), then the defaults."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.text import Language


class Environment(BaseSettings):
    """What the environment says."""

    model_config = SettingsConfigDict(env_prefix="STARLEDGER_")

    data: Path = Path("data")
    database_url: SecretStr | None = None
    ledger: str | None = None
    actor: str | None = None
    clock: datetime | None = None
    lang: Language | None = None
    signer: Path | None = None
    require_signer: bool = False
    secure: bool = False
    move_to: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What this run of the program works with."""

    data: Path
    database_url: str | None
    ledger: str | None
    actor: str | None
    clock: datetime | None
    language: Language
    signer: Path | None = None
    require_signer: bool = False
    secure: bool = False
    """Whether people reach the server by TLS alone."""
    move_to: str | None = None


def settings(data: Path | None, ledger: str | None, lang: Language | None) -> Settings:
    """Return the settings of this run; options given win over the environment."""
    said = Environment()
    url = None if said.database_url is None else said.database_url.get_secret_value()
    return Settings(
        data=data or said.data,
        database_url=url,
        ledger=said.ledger if ledger is None else ledger,
        actor=said.actor,
        clock=said.clock,
        language=lang or said.lang or _language_of_the_terminal(),
        signer=said.signer,
        require_signer=said.require_signer,
        secure=said.secure,
        move_to=None if said.move_to is None else said.move_to.get_secret_value(),
    )


def _language_of_the_terminal() -> Language:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if spoken.startswith("zh") else "en"
