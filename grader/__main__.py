"""The command `grade`, and `python -m grader`, from its first line to its last: what is in between is `grader.cli`.

One submission is graded in less time than it takes to import everything one after the other. So the process of the jail
is started before click is imported, and this one ends without being taken apart.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line, and end the process with its exit code."""
    words = sys.argv[1:]
    grades_one = _grades_one(words)
    if grades_one:
        # Looking for cycles took a tenth of a cold start, and one submission leaves none.
        gc.set_threshold(100_000)
        _start_ahead()
    try:
        sys.exit(_grade_plainly(*words)) if grades_one and _is_plain(words) else _run_command()
    except SystemExit as end:
        if grades_one:
            _end_at_once(end.code)
        raise


def _run_command() -> None:
    from grader.cli import main as command

    command(prog_name="grade")


def _is_plain(words: list[str]) -> bool:
    """Whether it is `grade PATH` or `grade PATH --rubric RUBRIC`, where no `grade.toml` says more."""
    from grader.single import CONFIG_NAMES

    if len(words) not in (1, 3) or words[1:2] not in ([], ["--rubric"]) or "." not in words[0]:
        return False
    rubric = words[2] if words[2:] else ""
    if words[0].startswith("-") or rubric.startswith("-"):
        return False
    folders = {"", os.path.dirname(rubric)}
    return not any(_configures(os.path.join(folder, name)) for folder in folders for name in CONFIG_NAMES)


def _configures(file: str) -> bool:
    if not os.path.exists(file):
        return False
    from pathlib import Path

    from grader.config import has_settings
    from grader.errors import GradeError

    try:
        return has_settings(Path(file))
    except GradeError:
        return True  # the command line says what is wrong


def _grade_plainly(path: str, _: str = "", rubric: str = "") -> int:
    """The exit code. It ends as the command line would end it."""
    from pathlib import Path

    from grader.single import Order, carry_out, tell

    order = Order(Path(path))
    try:
        return carry_out(order._replace(rubric=rubric) if rubric else order)
    except BrokenPipeError:  # `grade … | head`
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - so that nothing is flushed into it
        return 1
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever it is, a user gets a sentence
        return tell(error)


def _grades_one(words: list[str]) -> bool:
    """Whether these words seem to ask for one submission to be graded in the jail; a mistake costs time only."""
    if not words or any(word in ("-h", "--help", "--version") or word.startswith("--sandbox") for word in words):
        return False
    return words[0] == "run" or words[0].startswith("-") or os.path.exists(words[0])


def _start_ahead() -> None:
    from grader.sandbox.early import start_ahead

    try:
        start_ahead()
    except OSError:
        return  # the sandbox tries again, and says what is wrong


def _end_at_once(code: object) -> None:
    """End with this exit code, as soon as what was printed is out. Returns where Python had better end as ever.

    To free all modules and arrays one by one takes as long as the report, and the system does it anyway.
    """
    import atexit

    if code is not None and not isinstance(code, int):
        return
    atexit._run_exitfuncs()  # noqa: SLF001 - a reference may have left some, and there is no other name for it
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # a reader that has gone: Python has its own way to tell
    os._exit(code or 0)


if __name__ == "__main__":  # a process that a class starts imports this module again
    main()
