"""`grade preview`, `grade verify`, `grade audit` and `grade schema`: options in, exit code out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.options import offer_jobs, offer_reports, offer_sandbox, offer_seed

if TYPE_CHECKING:
    from grader.authoring.verify import Verified

FOUND = 1


@click.command("verify", short_help="Hold a rubric, its reference and its samples against each other.")
@click.argument("rubric", required=False)
@click.option(
    "--samples",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Sample submissions.  [default: sample_submissions/<assignment> beside the rubric, or above it]",
)
@offer_seed()
@click.option(
    "--repeat",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Try what is right and what is wrong on so many draws: which checks hang on the draw?",
)
@offer_jobs("Processes for --repeat.  [default: all cores]")
@click.option("--update", is_flag=True, help="Write each expected.yaml that differs or isn't there, and show how.")
@offer_sandbox("run the samples NOT ISOLATED, as you would run them yourself.")
@click.pass_context
def verify(
    ctx: click.Context,
    rubric: str | None,
    samples: Path | None,
    seed: int | None,
    repeat: int | None,
    jobs: int | None,
    update: bool,
    sandbox: str,
) -> None:
    """Verify RUBRIC, else every rubric in this folder: for your CI, and before you publish an assignment.

    The rubric is valid; the reference earns every point, and what takes no thought none; every sample gets the grade
    in its expected.yaml; every known mistake is caught and named, and every convention is right. Exit 1 otherwise.

    \b
    Example:
      grade verify
      grade verify my_rubric.yaml --samples samples/hw1
      grade verify my_rubric.yaml --repeat 50
    """
    from grader.authoring.verify import Repetition, verify_assignment  # the whole grader, once it is needed

    are_well = []
    for each in [rubric] if rubric else _rubrics_here(samples):
        if update:
            from grader.authoring.updating import update_samples

            _say(update_samples(each, samples, seed, sandbox))
        repetition = Repetition(repeat or 0, jobs or 0, _count_draws(repeat))
        found = verify_assignment(each, samples, seed, sandbox, repetition)
        _say(_lines(found))
        are_well.append(found.all_well)
    if not all(are_well):
        ctx.exit(FOUND)


def _count_draws(draws: int | None) -> Callable[[int], None]:
    done = count(1)
    return lambda _: _progress("draws", next(done), draws or 0)


def _rubrics_here(samples: Path | None) -> list[str]:
    """The rubrics in the folder where this is said. Raises UsageError where there are none to look at."""
    from grader.errors import UsageError
    from grader.plan.assignment import bundled_rubrics, rubrics_in

    found = [str(each) for each in rubrics_in(Path())]
    if not found:
        raise UsageError(
            "no rubric is in this folder, so nothing was looked at; name one, as a file or one of the bundled: "
            f"{', '.join(bundled_rubrics())}"
        )
    if samples and len(found) > 1:
        raise UsageError(f"--samples belongs to one rubric, and several are here; name it: {', '.join(found)}")
    return found


def _say(lines: Iterable[str]) -> None:
    """Samples may have said anything: what a terminal or a CI system would obey, or can't encode, is shown as text."""
    from grader.report.sanitize import block, inert

    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        click.echo(inert(block(line)).encode(encoding, "backslashreplace").decode(encoding))


def _lines(found: Verified) -> list[str]:
    """The calm summary, with what differs under each line."""
    width = max(len(section.name) for section in found.sections)
    lines = [f"{found.rubric}, seed {found.seed}", ""]
    for section in found.sections:
        mark = "NO" if section.differences else "--" if section.unasked else "ok"
        lines.append(f"  {mark} {section.name:<{width}}  {section.summary}")
        lines += [f"      {text}" for text in (*section.differences, *section.unasked, *section.notes)]
    return [*lines, "", _sum_up(found)]


def _sum_up(found: Verified) -> str:
    wrong = sum(len(section.differences) for section in found.sections)
    if wrong:
        return f"{wrong} {'thing differs' if wrong == 1 else 'things differ'}."
    return "All is well." if found.is_whole else "Nothing differs; not everything could be asked."


@click.command("preview", short_help="Show what each check asks, with drawn inputs and what is right.")
@click.argument("rubric")
@click.argument("function", default="")
@offer_seed()
def preview(rubric: str, function: str, seed: int | None) -> None:
    """Preview RUBRIC, or one FUNCTION of it: each check in words, with inputs as they are drawn.

    Beside them stand the truth, how far off an answer may be, and which of the known mistakes the check catches.

    \b
    Example:
      grade preview my_rubric.yaml
      grade preview assignment1 softmax
    """
    from grader.authoring.preview.lines import as_lines  # the whole grader, once it is needed
    from grader.authoring.preview.previewing import preview_assignment

    _say(as_lines(preview_assignment(rubric, function, seed)))


@click.command("audit", short_help="Look for wrong solutions that no check catches.")
@click.argument("rubric", default="assignment1")
@offer_reports(
    "Also write the audit here: .json, .html or .txt. May be repeated.", click.Path(path_type=Path, dir_okay=False)
)
@offer_seed()
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="NUMBER",
    help="Draws on which those are tried again that a single check catches: by luck?",
)
@offer_jobs("Processes.  [default: all cores]")
@click.option("--no-mutants", is_flag=True, help="Without machine-made changes, which need numgrade[audit].")
@offer_sandbox("run what was made NOT ISOLATED.")
@click.pass_context
def audit(
    ctx: click.Context,
    rubric: str,
    outputs: tuple[Path, ...],
    seed: int | None,
    seeds: int,
    jobs: int | None,
    no_mutants: bool,
    sandbox: str,
) -> None:
    """Audit RUBRIC: do its checks catch what they should, and nothing that is right?

    Wrong solutions are the known mistakes, small changes of the reference made by machine, and what takes no thought.
    Shown are those that no check catches, with inputs that would, which checks do the work, and which catch by luck,
    on some draws and not on others. Exit 1 where there is a hole. A change that no input can tell from the reference
    is marked in RUBRIC's .equivalent.yaml, with a reason.

    \b
    Example:
      grade audit
      grade audit my_rubric.yaml -o audit.html
    """
    from grader.authoring.audit import (
        AuditOrder,  # the whole grader, once it is needed
        audit_assignment,
    )
    from grader.authoring.audit_report import as_text, check_suffix, render

    for output in outputs:
        check_suffix(output.suffix)
    found = audit_assignment(AuditOrder(rubric, seed, sandbox, jobs or 0, not no_mutants, seeds), _progress)
    _say(as_text(found).rstrip("\n").split("\n"))
    for output in outputs:
        output.write_text(render(found, output.suffix), encoding="utf-8")
    if not found.all_well:
        ctx.exit(FOUND)


def _progress(what: str, done: int, total: int) -> None:
    """One line on a terminal, which is written over; nothing in a log."""
    if sys.stderr.isatty():
        count = f" {done} of {total}" if total else ""
        click.echo(f"\r\x1b[K{what}{count}", nl=False, err=True)
        if total and done == total:
            click.echo("\r\x1b[K", nl=False, err=True)


@click.command("schema", short_help="Print the JSON Schema of rubrics, or of report.json.")
@click.argument("what", type=click.Choice(["rubric", "report"]))
def schema(what: str) -> None:
    """Print a JSON Schema: of rubrics, for an editor that then completes keys, or of report.json, for your scripts.

    An editor knows keys and the sorts of values; `grade verify` knows the rest.

    \b
    Example:
      grade schema rubric > rubric.schema.json
      grade schema report
    """
    click.echo(json.dumps(_schema(what), indent=2))


def _schema(what: str) -> dict[str, Any]:
    if what == "report":
        from grader.report.formats.json_report import report_schema

        return report_schema()
    from grader.checks.kinds import KINDS
    from grader.rubric.schema import rubric_schema

    return rubric_schema(KINDS)
