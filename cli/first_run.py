"""The first run of a server: one single-use link on the console, and where it may be reached from.

There is no default password anywhere. Without TLS, or a proxy that is said to see to it, the server binds to this
machine alone: passwords would travel in plain.
"""

import ipaddress
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cli.accounts import CONSOLE, link_at
from cli.exits import Exit, stop
from cli.settings import Settings
from cli.wiring import Installation, installation, opened_accounts
from domain.appointments import Offices
from domain.dates import civil_date
from domain.ids import PersonId
from domain.roles import OPERATOR
from domain.text import Language, Text

LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Binding:
    """Where the server listens, and how people reach it."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False

    @property
    def secure(self) -> bool:
        """Return whether people reach it by TLS."""
        return self.certificate is not None or self.behind_proxy

    @property
    def url(self) -> str:
        """Return where it is reached from this machine, where that is known."""
        return f"{'http' if self.certificate is None else 'https'}://{self.host}:{self.port}"

    def required(self, language: Language) -> "Binding":
        """Return itself; ends with 2 where passwords would travel in plain, or half of the TLS files is missing."""
        if (self.certificate is None) != (self.key is None):
            stop(Exit.USAGE, _BOTH_FILES, language)
        missing = [path for path in (self.certificate, self.key) if path is not None and not path.is_file()]
        if missing:
            stop(Exit.NOT_FOUND, _no_file(missing[0]), language)
        if not self.secure and not _is_loopback(self.host):
            stop(Exit.USAGE, _in_plain(self.host), language)
        return self

    def options(self) -> dict[str, Any]:
        """Return what the server is told."""
        files = {"ssl_certfile": self.certificate, "ssl_keyfile": self.key}
        return {"host": self.host, "port": self.port, **{k: str(v) for k, v in files.items() if v is not None}}


def announce_first_run(settings: Settings, url: str) -> None:
    """Print a link for the operator, valid once for 15 minutes, where nobody has an account; not in a demonstration."""
    with installation(settings) as installed, opened_accounts(installed) as accounts:
        if installed.ledger.clock.simulated or any(one.can_sign_in for one in accounts.people.all()):
            return
        operator = _operator(installed)
        if operator is None:
            sys.stderr.write(_NOT_OPENED.said_in(settings.language) + "\n")
            return
        account = accounts.people.made_for(operator)
        token = accounts.links.issue(account.account, "first run", CONSOLE)
    sys.stderr.write(_first(operator).said_in(settings.language) + "\n")
    sys.stdout.write(link_at(url, token) + "\n")
    sys.stdout.flush()


def _operator(installed: Installation) -> PersonId | None:
    offices = installed.ledger.fold(Offices)
    today = civil_date(installed.ledger.clock.now())
    held = offices.holders((OPERATOR,), None, today) if isinstance(offices, Offices) else []
    return next(iter(held), None)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_BOTH_FILES = Text("--tls-cert 与 --tls-key 须同时给出。", "--tls-cert and --tls-key belong together.")
_NOT_OPENED = Text(
    "账本尚未开立，没有可登录的人；请先用 open-ledger 开立。",
    "The ledger has not been opened, so nobody can sign in; open it first with open-ledger.",
)


def _no_file(path: Path) -> Text:
    return Text(f"没有文件 {path}。", f"There is no file {path}.")


def _in_plain(host: str) -> Text:
    return Text(
        f"未启用 TLS，不能监听 {host}：密码会以明文传送。请用 --tls-cert 和 --tls-key，"
        f"或由代理负责 TLS 并写明 --behind-proxy。",
        f"Without TLS the server does not listen on {host}: passwords would travel in plain. Give --tls-cert and "
        f"--tls-key, or put it behind a proxy that sees to TLS and say so with --behind-proxy.",
    )


def _first(operator: str) -> Text:
    return Text(
        f"还没有人能登录。以下链接供系统管理员 {operator} 使用，15分钟内有效，只能用一次：",
        f"Nobody can sign in yet. This link is for the operator, {operator}; it works once, within 15 minutes:",
    )
