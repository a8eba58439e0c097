"""`grade list`: the assignments that come with grade."""

from __future__ import annotations

import click


@click.command("list", short_help="List the assignments that come with grade.")
def list_assignments() -> None:
    """List the bundled assignments: what --rubric calls each, its points and its title.

    \b
    Example:
      grade list
    """
    from grader.plan.assignment import bundled_rubrics, load_rubric
    from grader.report.wording import points

    rubrics = [load_rubric(name) for name in bundled_rubrics()]
    widest = max(len(rubric.name) for rubric in rubrics)
    for rubric in rubrics:
        click.echo(f"{rubric.name:<{widest}}   {points(rubric.most):>3} points   {rubric.title}")
