"""Grade one submission and report it, as the command line says: what to do in, exit code out. Needs no click."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import INTERRUPTED, GradeError, UsageError, did_you_mean
from grader.report.formats import FORMATS

if TYPE_CHECKING:
    from grader.grading.grades import Audience, Grade
    from grader.report.formats.text import Detail

BELOW = 1
OUR_FAULT = 4
#: Where a configuration for the commands may stand, in the folder in which one is run.
CONFIG_NAMES = ("grade.toml", "pyproject.toml")


class Order(NamedTuple):
    """What is to be done with one submission. Without an option it is as here."""

    path: Path
    rubric: str = "assignment1"
    outputs: tuple[Path, ...] = ()
    format_: str | None = None  #: of the outputs
    detail: Detail = "screen"
    only: str = ""  #: the function that alone is shown
    printed: str = ""  #: the format that is printed in place of the screen
    audience: Audience = "instructor"
    seed: int | None = None
    fail_under: float | None = None
    sandbox: str = "jail"
    explain: str = ""
    convert_python2: bool = False
    limits: Mapping[str, str] = MappingProxyType({})


def carry_out(order: Order) -> int:
    """Grade, print, write; the exit code. Raises as `grader.pipeline.grade` does."""
    gc.set_threshold(100_000)  # looking for cycles took a tenth of a cold start, and one submission leaves none
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # starting them took as long, and arrays here are small
    if order.sandbox == "jail":
        from grader.sandbox.launch import prestart

        prestart()  # it imports numpy while this process does
    shown = _grade(order)
    _check_shown(order.only, shown)
    _show(shown, order)
    _write(shown, order)
    _write_log(shown, order)
    gc.freeze()  # Python looks for cycles once more before it ends, and that took as long as the report
    return _exit_code(shown, order.fail_under)


def tell(error: BaseException) -> int:
    """Say on stderr what went wrong, in a sentence; the exit code."""
    if isinstance(error, GradeError):
        from grader.report.sanitize import inert  # what goes wrong may name a student's file

        _say(inert(f"grade: {error}"))
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        _say("grade: stopped.")
        return INTERRUPTED
    _say(_our_fault(error))
    return OUR_FAULT


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _our_fault(error: BaseException) -> str:
    if os.environ.get("GRADE_TRACEBACK"):
        import traceback

        return "".join(traceback.format_exception(error)).rstrip()
    return (
        f"grade: a fault of the grader itself, so nothing was graded: {type(error).__name__}: {error}\n"
        "Please report it with what you ran; GRADE_TRACEBACK=1 in the environment shows where it happened."
    )


def _grade(order: Order) -> Grade:
    """The grade, as its reader may see it."""
    from grader.pipeline import grade
    from grader.report.audience import for_audience

    try:
        result = grade(
            order.path,
            order.rubric,
            seed=order.seed,
            sandbox=order.sandbox,
            convert_python2=order.convert_python2,
            explain=order.explain,
            limits=order.limits,
        )
    except GradeError as error:
        if order.format_ in FORMATS and FORMATS[order.format_].tells_failure:
            _write_failure(order.outputs, order.format_, error)
        raise
    return for_audience(result, order.audience)


def _check_shown(name: str, result: Grade) -> None:
    names = [function.name for function in result.functions]
    if name and name not in names:
        raise UsageError(f"--only: no function {name!r}{did_you_mean(name, names)}; there are: {', '.join(names)}")


def _show(shown: Grade, order: Order) -> None:
    """Print the report: for people, or in the one format that is asked for, and then nothing else."""
    if order.printed:
        from grader.report.writing import render

        _print(render(shown, order.printed))
        return
    from grader.report.formats.text import print_report

    print_report(shown, sys.stdout, order.detail, order.only)


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _write(shown: Grade, order: Order) -> None:
    if order.outputs:
        from grader.report.writing import write_report

        for output in order.outputs:
            write_report(shown, output, order.format_)


def _write_failure(outputs: tuple[Path, ...], format_: str, error: GradeError) -> None:
    """Tell the student in a sentence that nothing was graded, in a format that says so."""
    from grader.files import write_text
    from grader.report import wording

    render_failure = import_module(f"grader.report.formats.{FORMATS[format_].module}").render_failure
    sentence = wording.NOTHING_TO_GRADE if isinstance(error, UsageError) else wording.OUR_FAULT
    for output in outputs:
        write_text(output, render_failure(sentence))


def _write_log(shown: Grade, order: Order) -> None:
    """Annotations and a summary for a CI system, where they are asked for, or where this runs inside of it."""
    for name, each in FORMATS.items():
        if each.log_of and (order.format_ == name or os.environ.get(each.log_of) == "true"):
            log = import_module(f"grader.report.formats.{each.module}")
            if not order.printed:
                _print(log.render(shown, order.path))
            if summary := os.environ.get(log.SUMMARY):
                with Path(summary).open("a", encoding="utf-8") as file:
                    file.write(log.summarize(shown))


def _exit_code(result: Grade, fail_under: float | None) -> int:
    from grader.verdict import Verdict

    if result.verdict is Verdict.NOT_GRADED:
        return OUR_FAULT
    if fail_under is not None and result.score is not None and result.score * 100 < fail_under * result.max_score:
        return BELOW
    return 0
