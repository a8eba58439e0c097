"""Settle what an order leaves out: what an earlier batch was given, which rubric is meant, which plan holds."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.classroom.decisions.fixes import FIXES
from grader.classroom.decisions.reading import save_rule
from grader.classroom.intake.tree import place_on_disk
from grader.classroom.intake.trees.folder import RESULTS
from grader.classroom.stages.order import ClassOrder
from grader.classroom.store.fingerprint import fingerprint_parts, is_other_version, make_fingerprint, what_changed
from grader.classroom.store.settings import (
    OPTIONS,
    Settings,
    choose_rubric,
    is_overruled,
    keep_settings,
    options_of_last_time,
    read_settings,
)
from grader.classroom.store.store import Store
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.pool import cores
from grader.classroom.workers.progress import Watch
from grader.classroom.workers.snapshot import take_snapshot, to_bytes
from grader.errors import UsageError
from grader.plan.assignment import DEFAULT, Assignment, load_assignment
from grader.rubric.model import Rubric


def settle_order(order: ClassOrder, watch: Watch) -> tuple[ClassOrder, Assignment]:
    """The order with all that it leaves out: by what OUT keeps, and by the one rubric that may be meant."""
    if order.out.resolve() == order.folder.resolve():
        raise UsageError(f"{order.out}: this is the class folder itself; give another folder with -o")
    kept = read_settings(order.out)
    if not order.config:
        order = msgspec.structs.replace(order, limits=kept.limits)
    taken = [name for name, text in order.configured.items() if str(getattr(order, name)) == text]
    overruled = {name: None for name in taken if is_overruled(name, order.configured, kept)}
    order = msgspec.structs.replace(order, **overruled)
    source = Path(order.config).name if "rubric" in taken else ""
    chosen = choose_rubric(order.rubric, kept, Path.cwd(), order.folder, source)
    watch.say(f"rubric: {chosen.rubric}{f' ({chosen.why})' if chosen.why else ''}")
    assignment = load_assignment(chosen.rubric, order.limits)
    return recall(msgspec.structs.replace(order, rubric=chosen.rubric), kept, assignment.rubric), assignment


def remember_order(order: ClassOrder, given: Path, store: Store, rubric: Rubric) -> None:
    """Keep what the next run, and the commands after it, need not be told again."""
    store.keep_setting("folder", str(order.folder.resolve()))
    options = {name: getattr(order, name) for name in OPTIONS}
    converts = bool(order.convert_python2)
    keep_settings(store, order.rubric or DEFAULT, given, options, order.configured, order.limits, converts)
    rule = None if order.late == "lms" else rubric.late
    save_rule(store, rule, rubric.name, order.times, order.ledger)


def recall(order: ClassOrder, kept: Settings, rubric: Rubric) -> ClassOrder:
    """The order with what the last batch was given and this one isn't. Raises UsageError where a file of it is gone."""
    given = {name: getattr(order, name) for name in OPTIONS}
    again = options_of_last_time(kept, order.folder, given, rubric.late)
    converts = kept.convert_python2 if order.convert_python2 is None else order.convert_python2
    return msgspec.structs.replace(order, convert_python2=converts, **again)


def count_jobs(order: ClassOrder) -> int:
    """How many processes grade."""
    return order.jobs or cores()


def choose_plan(order: ClassOrder, assignment: Assignment, store: Store, watch: Watch) -> tuple[GradingJob, str]:
    """The one plan of the class as it is today, and the one whose results hold; a word where these are new.

    Where only versions changed, of grade, Python or a package, what was graded holds, unless somebody asks otherwise.
    """
    seed = store.seed(order.seed)
    converts = bool(order.convert_python2)
    parts = fingerprint_parts(assignment, seed, order.sandbox, converts)
    fingerprint = make_fingerprint(parts)
    ours = [order.out / RESULTS.parent, order.out / FIXES.parent]
    handed_in = place_on_disk(order.folder)
    private = [Path(assignment.rubric.file), *assignment.reference.folders, handed_in, *ours]
    secrets = tuple(str(each.resolve()) for each in private)
    kit = GradingJob(order.rubric or DEFAULT, seed, order.sandbox, fingerprint, secrets, converts, order.limits)
    before = store.plan_before()
    is_pinned = before is not None and is_other_version(before[1], parts) and not (order.regrade or order.force)
    store.keep_plan(fingerprint, parts, to_bytes(take_snapshot(assignment, kit)), holds=not is_pinned)
    if before and before[1] != parts and not is_pinned:
        watch.say(f"everyone is graded again: changed since the last run: {what_changed(before[1], parts)}")
    if order.force:
        store.forget(fingerprint)
    return kit, before[0] if is_pinned and before else fingerprint
