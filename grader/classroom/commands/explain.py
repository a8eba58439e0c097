"""`grade explain`: all that can be found out about lost points, for one submission."""

from __future__ import annotations

import sys
from pathlib import Path

import click

OUTPUT = click.Path(path_type=Path)


@click.command("explain", short_help="Find out more about lost points: more inputs, the smallest change.")
@click.argument("path", type=OUTPUT)
@click.argument("function", default="")
@click.option("--rubric", default="assignment1", show_default=True, help="A bundled rubric's name, or a YAML file.")
@click.option("-o", "--output", "outputs", multiple=True, type=OUTPUT, help="Also write a report here.")
@click.option("--seed", type=click.IntRange(min=0), help="Reproduce a run's draws; without it they are new each time.")
@click.option(
    "--sandbox",
    type=click.Choice(["jail", "none"]),
    default="jail",
    show_default=True,
    help="none: run the code NOT ISOLATED, as you would run it yourself.",
)
def explain(path: Path, function: str, rubric: str, outputs: tuple[Path, ...], seed: int | None, sandbox: str) -> None:
    """Grade PATH, a submission, and look longer for why points were lost.

    For FUNCTION there are more inputs on which it fails, made simple. For FUNCTION, or for all functions that nothing
    explains, the smallest change is looked for after which every check passes: up to 3,000 changes of the function's
    own code, and 10 seconds, for each. It is for instructors, and earns no points.

    \b
    Example:
      grade explain submission.py softmax
    """
    from grader.pipeline import grade
    from grader.report.formats.text import print_report
    from grader.report.writing import check_target, write_report

    for output in outputs:
        check_target(output, None)
    graded = grade(path, rubric, seed=seed, sandbox=sandbox, explain=function, look_for_changes=True)
    print_report(graded, sys.stdout, "all", function)
    for output in outputs:
        write_report(graded, output, None)
