"""`grade explain`: all that can be found out about lost points, for one submission or a class that was graded."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.options import FILE, offer_reports, offer_rubric, offer_sandbox, offer_seed

INTERRUPTED = 130


@click.command("explain", short_help="Find out more about lost points: more inputs, what was right, changes.")
@click.argument("path", type=FILE)
@click.argument("function", default="")
@offer_rubric()
@offer_reports("Also write a report here.")
@offer_seed()
@offer_sandbox()
def explain(path: Path, function: str, rubric: str, outputs: tuple[Path, ...], seed: int | None, sandbox: str) -> None:
    """Look longer for why points were lost: in PATH, a submission, or the results of a class.

    One call is watched, on an input on which a function fails: which of its variables were right, and in which line.
    The smallest change is looked for after which every check of a function passes, for FUNCTION or for all functions
    that nothing explains: up to 3,000 changes of the function's own code, and 10 seconds, for each. It is for
    instructors, and earns no points.

    A submission is graded for it. With FUNCTION there are more inputs, too, on which it fails, made simple. In the
    results of a class, OUT of `grade batch`, each source is looked at once, what was found before stays, the
    instructor's reports are renewed, and no score is changed; the options say nothing there.

    \b
    Example:
      grade explain submission.py softmax
      grade explain results
    """
    from grader.classroom.intake.trees.folder import RESULTS

    if (path / RESULTS).is_file():
        _explain_class(path, function)
    else:
        _explain_submission(path, function, rubric, outputs, seed, sandbox)


def _explain_class(out: Path, function: str) -> None:
    from grader.classroom.commands.graded_class import say
    from grader.classroom.review.explaining import describe_explained, explain_class
    from grader.classroom.workers.progress import watch

    try:
        found = explain_class(out, function, watch(sys.stderr, False))
    except KeyboardInterrupt:
        click.echo("grade: stopped. What was found is kept: run the same command again to go on.", err=True)
        click.get_current_context().exit(INTERRUPTED)
    say(describe_explained(found, out))


def _explain_submission(
    path: Path, function: str, rubric: str, outputs: tuple[Path, ...], seed: int | None, sandbox: str
) -> None:
    from grader.pipeline import grade
    from grader.report.formats.text import print_report
    from grader.report.writing import check_target, write_report

    for output in outputs:
        check_target(output, None)
    graded = grade(path, rubric, seed=seed, sandbox=sandbox, explain=function, look_for_changes=True)
    print_report(graded, sys.stdout, "all", function)
    for output in outputs:
        write_report(graded, output, None)
