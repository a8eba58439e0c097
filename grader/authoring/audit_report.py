"""An audit as text, JSON or a page: pure functions of one record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.authoring.audit import Audit
from grader.authoring.matrix import MatrixColumn, Wrong
from grader.authoring.soundness.luck import Luck
from grader.errors import UsageError

AUDIT_SCHEMA = 1
AUDIT_SUFFIXES = (".txt", ".json", ".html")
_KINDS = {"mistake": "mistakes", "mutant": "changes of the reference", "trivial": "trivial submissions"}


def render(audit: Audit, suffix: str) -> str:
    """The audit in the format of a file's suffix.

    Raises:
        UsageError: there is no such format.
    """
    check_suffix(suffix)
    return {".txt": as_text, ".json": as_json, ".html": as_html}[suffix](audit)


def check_suffix(suffix: str) -> None:
    """Raises UsageError where no format has this suffix: before an audit's minute, not after it."""
    if suffix not in AUDIT_SUFFIXES:
        raise UsageError(
            f"an audit can be written as {', '.join(AUDIT_SUFFIXES)}, not as {suffix or 'a file without suffix'}"
        )


def as_text(audit: Audit) -> str:
    """The summary, then what is to be done about it."""
    return "\n".join(_lines(audit)) + "\n"


def _lines(audit: Audit) -> Iterator[str]:
    yield from (f"{audit.rubric}, seed {audit.seed}", "")
    yield from _count(audit)
    yield from _survivors(audit)
    yield from _list_ungraded(audit)
    yield from (f"loses points though right: {each.function}: {each.name}: {each.lost}" for each in audit.losing)
    yield from audit.stale
    yield from _luck(audit)
    yield from _checks(audit)
    yield from ("", "All is well." if audit.all_well else "The checks have holes: see above.")


def _count(audit: Audit) -> Iterator[str]:
    for kind, name in _KINDS.items():
        of_kind = [each for each in audit.matrix.wrong if each.kind == kind]
        caught, same = sum(each.caught for each in of_kind), sum(bool(each.equivalent) for each in of_kind)
        marked = f", {same} marked equivalent" if same else ""
        lost = sum(bool(each.fault) for each in of_kind)
        unknown = f", {lost} not graded" if lost else ""
        yield f"  {name:<26}{caught} of {len(of_kind)} caught{marked}{unknown}"
    yield f"  {'right solutions':<26}{audit.right - len(audit.losing)} of {audit.right} keep every point"


def _survivors(audit: Audit) -> Iterator[str]:
    for wrong in audit.matrix.survivors:
        yield from (
            "",
            f"no check catches: {wrong.function}: {wrong.name if wrong.kind != 'mutant' else ''}".rstrip(": "),
        )
        yield from (f"    {line}" for line in wrong.diff.split("\n") if line)
        yield from (f"    {line}" for line in advise(wrong).split("\n"))


def _luck(audit: Audit) -> Iterator[str]:
    for each in audit.luck:
        yield from ("", say_luck(each))
        yield from (f"    {line}" for line in each.diff.split("\n") if line)
    if audit.luck:
        checks = tuple(dict.fromkeys(check for each in audit.luck for check in each.checks))
        yield from ("", f"{_so_many(len(checks))} by luck, on some of {audit.draws} draws: ask more, or larger:")
        yield from _by_function(checks)


def _so_many(checks: int) -> str:
    return "1 check catches" if checks == 1 else f"{checks} checks catch"


def say_luck(luck: Luck) -> str:
    """Which wrong solution is caught on some draws only, by what, and with which seed it escapes."""
    name = "" if luck.kind == "mutant" else f"{luck.name}: "
    by = "; ".join(title for _, title in luck.checks)
    return (
        f"caught by luck: {luck.function}: {name}on {luck.caught} of {luck.draws} draws, by {by}; "
        f"not with --seed {luck.escaping}"
    )


def _list_ungraded(audit: Audit) -> Iterator[str]:
    for wrong in audit.matrix.ungraded:
        yield from ("", f"couldn't be graded: {wrong.function}: {wrong.name}: {wrong.fault}")
        yield from (f"    {line}" for line in wrong.diff.split("\n") if line)


def advise(wrong: Wrong) -> str:
    """What can be done about a survivor."""
    if wrong.fault:
        return f"couldn't be graded: {wrong.fault}"
    if wrong.telling:
        return "told apart by:\n" + "\n".join(f"  {name} = {text}" for name, text in wrong.telling.items())
    if wrong.searched:
        return "no input that tells it apart was found; if there is none, mark it in the .equivalent.yaml"
    return "what would tell it apart was not looked for"


def _checks(audit: Audit) -> Iterator[str]:
    matrix = audit.matrix
    alone, smallest = set(matrix.never_alone()), matrix.smallest()
    yield ""
    yield f"{len(smallest)} of {len(matrix.checks)} checks, chosen greedily, catch all that all of them catch:"
    yield from _by_function(smallest)
    yield f"{len(alone)} checks never decide alone: without any one of them all is caught that is caught now:"
    yield from _by_function(tuple(check for check in matrix.checks if check in alone))


def _by_function(checks: tuple[MatrixColumn, ...]) -> Iterator[str]:
    for function in dict.fromkeys(function for function, _ in checks):
        yield f"  {function}: {'; '.join(title for name, title in checks if name == function)}"


def as_json(audit: Audit) -> str:
    """Everything, the matrix as the checks that caught each wrong solution."""
    return json.dumps(_plain(audit), indent=1) + "\n"


def _plain(audit: Audit) -> dict[str, Any]:
    matrix, counts, alone = audit.matrix, audit.matrix.counts(), audit.matrix.alone()
    smallest = set(matrix.smallest())
    return {
        "schema": AUDIT_SCHEMA,
        "rubric": audit.rubric,
        "seed": audit.seed,
        "all_well": audit.all_well,
        "checks": [
            {
                "function": check[0],
                "title": check[1],
                "catches": counts[check],
                "alone": alone[check],
                "in_smallest_set": check in smallest,
            }
            for check in matrix.checks
        ],
        "wrong": [_wrong(each) for each in matrix.wrong],
        "right": audit.right,
        "losing": [
            {"kind": each.kind, "function": each.function, "name": each.name, "lost": each.lost}
            for each in audit.losing
        ],
        "stale": list(audit.stale),
        "draws": audit.draws,
        "luck": [_lucky(each) for each in audit.luck],
    }


def _lucky(luck: Luck) -> dict[str, Any]:
    return {
        "kind": luck.kind,
        "function": luck.function,
        "name": luck.name,
        "diff": luck.diff,
        "caught_by": [{"function": function, "title": title} for function, title in luck.checks],
        "caught": luck.caught,
        "draws": luck.draws,
        "escapes_with_seed": luck.escaping,
    }


def _wrong(wrong: Wrong) -> dict[str, Any]:
    return {
        "kind": wrong.kind,
        "function": wrong.function,
        "name": wrong.name,
        "caught": wrong.caught,
        "caught_by": [{"function": function, "title": title} for function, title in wrong.caught_by],
        "diff": wrong.diff,
        "equivalent": wrong.equivalent or None,
        "fault": wrong.fault or None,
        "telling": wrong.telling,
    }


def as_html(audit: Audit) -> str:
    """A page with the kill matrix: a row for each wrong solution, a column for each check of its function."""
    from grader.report.web import render_page  # jinja2 is as slow to import as numpy, and only pages need it

    here = Path(__file__).parent
    return render_page(
        here / "audit.html",
        style=(here / "audit.css").read_text(encoding="utf-8"),
        title=audit.title or Path(audit.rubric).stem,
        audit=audit,
        counted=[line.strip() for line in _count(audit)],
        tables=list(_tables(audit)),
        told=advise,
        lucky=say_luck,
    )


def _tables(audit: Audit) -> Iterator[dict[str, Any]]:
    """For each function its checks, with what they catch, and its wrong solutions; equal rows are counted together."""
    counts, alone = audit.matrix.counts(), audit.matrix.alone()
    for function in dict.fromkeys(name for name, _ in audit.matrix.checks):
        checks = [check for check in audit.matrix.checks if check[0] == function]
        wrong = [each for each in audit.matrix.wrong if each.function == function]
        yield {
            "function": function,
            "checks": [{"title": check[1], "catches": counts[check], "alone": alone[check]} for check in checks],
            "rows": [
                {"wrong": each, "cells": [check in each.caught_by for check in checks]}
                for each in sorted(wrong, key=lambda each: (each.caught, each.kind, each.name))
            ],
            "kinds": Counter(each.kind for each in wrong),
        }
