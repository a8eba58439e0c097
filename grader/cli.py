"""The command line: options in, exit code out. What the options mean is decided elsewhere.

Exit codes: 0 graded (whatever the score); 1 below --fail-under; 2 wrong usage, or nothing to grade; 3 the rubric or its
reference is broken; 4 no sandbox, or something was not graded through our fault; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from grader.errors import did_you_mean
from grader.options import FILE, offer_reports, offer_rubric, offer_sandbox, offer_seed
from grader.report.formats import FORMATS, describe_others, describe_suffixes
from grader.single import CONFIG_NAMES, Order, carry_out, tell
from grader.version import __version__

#: Commands whose modules are imported when they are called; with a name where the function isn't called like it.
LAZY_COMMANDS = {
    "batch": "grader.classroom.commands.batch",
    "status": "grader.classroom.commands.graded_class",
    "explain": "grader.classroom.commands.explain",
    "publish": "grader.classroom.commands.graded_class",
    "gradebook": "grader.classroom.commands.graded_class",
    "groups": "grader.classroom.commands.graded_class",
    "compare": "grader.classroom.commands.graded_class",
    "marking": "grader.classroom.commands.graded_class",
    "student": "grader.classroom.commands.privacy",
    "archive": "grader.classroom.commands.privacy",
    "doctor": "grader.sandbox.doctor",
    "verify": "grader.authoring.commands",
    "preview": "grader.authoring.commands",
    "audit": "grader.authoring.commands",
    "schema": "grader.authoring.commands",
    "list": "grader.authoring.listing:list_assignments",
}

#: What a new user needs, each with an example in the help; the rest stands in one line.
FIRST = ("run", "batch", "status", "publish", "student", "verify")
#: Commands that were called otherwise once, with what they are now.
OLD_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "todo": ("marking", ()),
    "replay": ("student", ("--replay",)),
    "export-student": ("student", ()),
    "forget": ("student", ("--erase",)),
}
NOW = {
    "todo": "grade marking OUT --graders NAME,NAME",
    "replay": "grade student OUT ID --replay",
    "export-student": "grade student OUT ID --export FILE",
    "forget": "grade student OUT ID --erase",
}
#: Options that have another name in the new command.
OLD_OPTIONS = {"export-student": {"-o": "--export", "--output": "--export"}}

#: Where a `grade.toml` is kept for the commands, once it has been read.
CONFIG = "grade.config"


def rename_old(args: list[str]) -> list[str]:
    """The words of a command by its present name; says so where it had another one."""
    if not args or args[0] not in OLD_NAMES or Path(args[0]).exists():
        return args
    old, (name, more) = args[0], OLD_NAMES[args[0]]
    renamed = OLD_OPTIONS.get(old, {})
    words = [renamed.get(each, each) for each in args[1:]]
    click.echo(f"`grade {old}` is called `{NOW[old]}` now", err=True)
    return [name, *words, *more]


def _value_of(option: str, args: list[str]) -> str | None:
    """What stands behind an option; None where it isn't there."""
    for at, each in enumerate(args):
        if each.startswith(f"{option}="):
            return each.partition("=")[2]
        if each == option and at + 1 < len(args):
            return args[at + 1]
    return None


class _PathOrCommand(click.Group):
    """`grade submission.py` is `grade run submission.py`; faults end in one message and their exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *LAZY_COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in LAZY_COMMANDS:
            module, _, name = LAZY_COMMANDS[cmd_name].partition(":")
            command: click.Command = getattr(import_module(module), name or cmd_name.replace("-", "_"))
            return _with_config(command)
        found = super().get_command(ctx, cmd_name)
        return _with_config(found) if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What a new user needs, a line each; the names of the rest."""
        with formatter.section("Commands"):
            for name in FIRST:
                command = self.get_command(ctx, name)
                if command is not None:
                    formatter.write_text(f"{name:<8} {command.get_short_help_str(200)}")
        with formatter.section("More"):
            formatter.write_text(", ".join(name for name in self.list_commands(ctx) if name not in FIRST))
            formatter.write_text("`grade COMMAND --help` says what each does, with an example.")

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        args = rename_old(args)
        if args and args[0] not in self.list_commands(ctx):
            _refuse_mistyped(args[0], self.list_commands(ctx))
            args = ["run", *args]
        self._read_config(ctx, args)
        return super().resolve_command(ctx, args)

    def _read_config(self, ctx: click.Context, args: list[str]) -> None:
        """Take what a `grade.toml` says, where there is one, for what the command isn't told."""
        asked = _value_of("--config", args)
        folders = [*(Path(each).parent for each in args[1:] if each.endswith((".yaml", ".yml"))), Path()]
        if asked is None and not any((folder / name).is_file() for folder in folders for name in CONFIG_NAMES):
            return
        from grader.config import find_config, read_config

        # What stands behind -o and --option is where results go, or a table.
        handed = [Path(each) for at, each in enumerate(args[1:]) if not each.startswith("-") and args[at][:1] != "-"]
        path = find_config(Path(asked) if asked else None, folders, handed[0] if handed else None)
        if path is not None:
            found = {name: command for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))}
            config = read_config(path, found)
            ctx.default_map = {name: dict(each) for name, each in config.options.items()}
            ctx.meta[CONFIG] = config

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # An option of grading may stand before the path: `grade --seed 1 submission.py`.
        own = {"-h", "--help", "--version"}
        if args and args[0].startswith("-") and args[0] not in own:
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise  # click knows what to do: `grade … | head` ends silently
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever it is, a user gets a sentence
            ctx.exit(tell(error))


def _with_config(command: click.Command) -> click.Command:
    """The command with `--config`, if it takes options at all."""
    options = [each for each in command.params if isinstance(each, click.Option)]
    if options and not any("--config" in each.opts for each in options):
        text = "Options from here, else from grade.toml."
        command.params.append(click.Option(["--config"], type=FILE, metavar="FILE", expose_value=False, help=text))
    return command


def _refuse_mistyped(word: str, commands: list[str]) -> None:
    """Raises UsageError for a word that is no path, and that looks like a command."""
    if {".", "/", os.sep} & set(word) or Path(word).exists():
        return
    if meant := did_you_mean(word, commands):
        raise click.UsageError(f"no command and no file is called {word!r}{meant}")


def first_example(command: click.Command) -> str:
    """The first example in a command's help."""
    lines = (command.help or "").partition("Example:\n")[2].splitlines()
    return lines[0].strip() if lines else ""


@click.group(cls=_PathOrCommand, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, prog_name="grade")
def main() -> None:
    """Grade numerical Python, with the reason for every lost point.

    \b
    Example:
      grade submission.py
      grade batch submissions.zip -o results
    """


@main.command("run", short_help="Grade one submission; `run` may be left out.")
@click.argument("path", type=FILE)
@offer_rubric()
@offer_reports(f"Also write a report here; {describe_suffixes()}. May be repeated.")
@click.option("--format", "format_", help=f"The format of -o where the suffix can't say it ({describe_others()}).")
@click.option("-v", "--verbose", is_flag=True, help="Show every check, with all that is known of it.")
@click.option("-q", "--quiet", is_flag=True, help="Show a single line.")
@click.option("--only", metavar="FUNCTION", default="", help="Show this function alone; all are graded.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON report, and nothing else.")
@click.option("--audience", type=click.Choice(["instructor", "student"]), default="instructor", show_default=True)
@offer_seed()
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit 1 below this score.")
@offer_sandbox()
@click.option("--explain", metavar="FUNCTION", default="", help="Look for more inputs on which it fails, made simple.")
@click.option("--convert-python2", is_flag=True, help="Grade a copy in which Python 2 is turned into Python 3.")
@click.pass_context
def run(
    ctx: click.Context,
    path: Path,
    rubric: str,
    outputs: tuple[Path, ...],
    format_: str | None,
    verbose: bool,
    quiet: bool,
    only: str,
    as_json: bool,
    audience: str,
    seed: int | None,
    fail_under: float | None,
    sandbox: str,
    explain: str,
    convert_python2: bool,
) -> None:
    """Grade PATH: a .py file, a notebook, a folder or an archive (the same as `grade PATH`).

    \b
    Example:
      grade submission.py
      grade hw1.ipynb --rubric my_rubric.yaml -o report.json
    """
    to_stdout = Path("-") in outputs
    outputs = tuple(each for each in outputs if each != Path("-"))
    _check_targets(outputs, None if to_stdout else format_)
    order = Order(
        path,
        rubric,
        outputs,
        format_,
        detail="all" if verbose or explain else "line" if quiet else "screen",
        only=only,
        printed="json" if as_json else (format_ or "json") if to_stdout else "",
        audience=audience,  # type: ignore[arg-type] # click has checked it
        seed=seed,
        fail_under=fail_under,
        sandbox=sandbox,
        explain=explain,
        convert_python2=convert_python2,
        limits=ctx.meta[CONFIG].limits if CONFIG in ctx.meta else {},
    )
    ctx.exit(carry_out(order))


def _check_targets(outputs: tuple[Path, ...], format_: str | None) -> None:
    if format_ is not None and not outputs and not (format_ in FORMATS and FORMATS[format_].log_of):
        raise click.UsageError(f"--format {format_} says how to write -o; name a file with -o.")
    if outputs:
        from grader.report.writing import check_target

        for output in outputs:
            check_target(output, format_)
