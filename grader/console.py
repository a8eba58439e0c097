"""The command `grade`, from its first line to its last: what is in between is `grader.cli`.

One submission is graded in less time than it takes to import everything one after the other. So the process of the jail
is started before click is imported, and this one ends without being taken apart.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line, and end the process with its exit code."""
    grades_one = _grades_one(sys.argv[1:])
    if grades_one:
        # Looking for cycles took a tenth of a cold start, and one submission leaves none.
        gc.set_threshold(100_000)
        _start_ahead()
    from grader.cli import main as command

    try:
        command(prog_name="grade")
    except SystemExit as end:
        if grades_one:
            _end_at_once(end.code)
        raise


def _grades_one(words: list[str]) -> bool:
    """Whether these words seem to ask for one submission to be graded in the jail; a mistake costs time only."""
    if not words or any(word in ("-h", "--help", "--version") or word.startswith("--sandbox") for word in words):
        return False
    return words[0] == "run" or words[0].startswith("-") or os.path.exists(words[0])  # noqa: PTH110 - pathlib is heavy


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
