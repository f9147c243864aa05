"""`starledger demo`: a whole made-up branch-year, played with the same sub-commands that people use."""

import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cli import demo_months, demo_year
from cli.exits import Exit, Stop, stop
from cli.first_run import LOOPBACK
from cli.options import settings_of
from cli.serving import PORT, serve
from cli.settings import Settings
from cli.signing import signer_directory
from cli.visible import screen
from cli.wiring import DEFAULT_LEDGER, keeping_open
from domain.text import Text

MARK = ".made-by-starledger-demo"


def add_demo(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("demo", rich_help_panel="getting to know it")(demo)


def demo(
    ctx: typer.Context,
    *,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="do not serve anything afterwards")] = False,
    port: Annotated[int, typer.Option(help="the port on this machine to serve the pages on")] = PORT,
) -> None:
    """Play a made-up branch-year into a fresh data directory; print stars, an explanation, a verification; serve it."""
    settings = settings_of(ctx)
    fresh_directory(settings)
    papers = settings.data / "papers"
    demo_year.write_papers(papers)
    demo_months.write_papers(papers)
    with keeping_open():
        play(settings, papers)
    for words in (
        ("stars", "--round", demo_year.ROUND),
        ("explain", "--round", demo_year.ROUND, "--person", demo_year.OBJECTED),
        ("stars", "--round", demo_months.YEAR_ROUND),
        ("verify",),
    ):
        sys.stdout.write(f"\n$ starledger {' '.join(words)}\n")
        sys.stdout.flush()
        code = _run([*_where(settings), *words])
        if code:
            raise Stop(Exit(code))
    if not no_serve:
        sys.stderr.write(_open_it(port).said_in(settings.language) + "\n")
        serve(ctx, port)


def _run(words: list[str]) -> int:
    """Run one command line as a person would."""
    from cli.main import main  # noqa: PLC0415 - the program that this sub-command is part of

    return main(words)


def fresh_directory(settings: Settings) -> None:
    """Make the data directory anew; one that the demo did not make is left alone (exit 5)."""
    data = settings.data
    if settings.database_url is not None:
        stop(Exit.USAGE, _ONLY_A_DIRECTORY, settings.language)
    if data.exists() and any(data.iterdir()) and not (data / MARK).exists():
        stop(Exit.CONFLICT, _not_ours(data), settings.language)
    if data.exists():
        if settings.signer is None and (data / MARK).exists():
            # Its signer would refuse the new ledger, which does not extend the one it has signed.
            shutil.rmtree(signer_directory(settings, None) / DEFAULT_LEDGER, ignore_errors=True)
        shutil.rmtree(data)
    data.mkdir(parents=True)
    (data / MARK).write_text("", encoding="utf-8")


def play(settings: Settings, papers: Path) -> None:
    """Run every command of the year; each must end as the story says."""
    told = sorted((*demo_year.steps(papers), *demo_months.steps(papers)), key=lambda step: step.at)
    console = Console(file=screen())
    title = _PLAYING.said_in(settings.language)
    for step in track(told, title, console=console, disable=not console.is_terminal):
        words = [*_where(settings), "--clock", step.at, *step.words, "--as", step.actor]
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            code = _run(words)
        expected = Exit.REFUSED if step.refused else Exit.OK
        if code != expected:
            sys.stderr.write(complained.getvalue())
            stop(Exit.UNEXPECTED, _off_the_story(step.words, code), settings.language)


def _where(settings: Settings) -> list[str]:
    return ["--data", str(settings.data), "--lang", settings.language]


_ONLY_A_DIRECTORY = Text(
    "演示只写入数据目录；请先取消环境变量 STARLEDGER_DATABASE_URL。",
    "The demo plays into a data directory; unset STARLEDGER_DATABASE_URL first.",
)
_PLAYING = Text("正在演示一个支部的一年", "Playing a branch's year")


def _open_it(port: int) -> Text:
    return Text(
        f"请用浏览器打开 http://{LOOPBACK}:{port}/ ，选择演示身份（无需密码）；按 Ctrl+C 结束。",
        f"Open http://{LOOPBACK}:{port}/ in a browser and choose who to be (no password needed); Ctrl+C ends it.",
    )


def _not_ours(data: Path) -> Text:
    return Text(
        f"目录 {data} 不是空的，也不是演示建立的；请用 --data 指定别的目录。",
        f"{data} is not empty and was not made by the demo; name another directory with --data.",
    )


def _off_the_story(words: tuple[str, ...], code: int) -> Text:
    return Text(
        f"演示中断：{' '.join(words)} 以 {code} 结束。", f"The demo stopped: {' '.join(words)} ended with {code}."
    )
