"""The flow of a class on one page: read who handed in what, grade what is new, rerun what lacked memory, report."""

from __future__ import annotations

from contextlib import ExitStack

import msgspec

from grader.classroom.decisions.reading import read_decisions, save_ledger, unknown_ids
from grader.classroom.intake.trees.folder import RESULTS
from grader.classroom.layouts.recognise import class_folder
from grader.classroom.outputs.gradebook import gradebook_rows, write_gradebook
from grader.classroom.outputs.refresh import refresh_reports
from grader.classroom.outputs.releases import rows_as_published
from grader.classroom.outputs.run_counts import count_run
from grader.classroom.privacy.pseudonyms import save_pseudonyms
from grader.classroom.review.causes import find_class_causes
from grader.classroom.review.class_page import keep_names, write_class_page
from grader.classroom.review.compare import compare_stored
from grader.classroom.review.scale import refuse_lost_releases, refuse_other_scale
from grader.classroom.review.suspects import detect_suspects, without_acknowledged
from grader.classroom.stages.grading import choose_grading, grade_handed
from grader.classroom.stages.listing import list_handed
from grader.classroom.stages.order import ClassOrder
from grader.classroom.stages.settling import choose_plan, count_jobs, remember_order, settle_order
from grader.classroom.stages.summary import Drift, Summary
from grader.classroom.store.fingerprint import name_versions
from grader.classroom.store.lock import lock
from grader.classroom.store.marks import read_marks
from grader.classroom.store.roster import read_roster, save_roster
from grader.classroom.store.store import Store
from grader.classroom.workers.pool import Pool
from grader.classroom.workers.progress import Quiet, Watch
from grader.rubric.model import Rubric


def grade_class(order: ClassOrder, watch: Watch | None = None) -> Summary:
    """Grade a class folder into `order.out`; what an earlier run has graded there, and nothing changed, stays.

    Raises:
        UsageError: nothing was handed in, the results can't be written there, a file of decisions is wrong, or
            it holds results of another assignment.
        AssignmentError: the rubric or its reference is broken.
        HarnessError: no sandbox, a full disk, a locked database. What was graded before is kept.
    """
    watch = watch or Quiet()
    given = order.folder
    order, assignment = settle_order(order, watch)
    roster = read_roster(order.roster) if order.roster else None
    wanted = {each.name: (each.root, *each.also) for each in assignment.rubric.functions}
    place = class_folder(order.folder, order.out, order.layout, order.pattern, wanted)
    order = msgspec.structs.replace(order, folder=place)
    handed = list_handed(order, assignment.rubric, wanted, roster, watch)
    with ExitStack() as stack:
        stack.enter_context(lock(order.out))
        if order.pseudonyms:
            save_pseudonyms(order.out, (student for each in handed for student in each.students))
        store = stack.enter_context(Store(order.out / RESULTS))
        refuse_lost_releases(order.out, store)
        if not order.force:
            refuse_other_scale(order.out, store, assignment.rubric)
        kit, plan = choose_plan(order, assignment, store, watch)
        save_roster(store, roster)
        remember_order(order, given, store, assignment.rubric)
        pool = stack.enter_context(Pool(min(count_jobs(order), len(handed)), kit))
        grading = choose_grading(order, assignment, kit, pool, stack, watch)

        run = grade_handed(order, handed, assignment.rubric, kit.fingerprint, plan, store, pool, grading, watch)
        del handed  # from here on the store knows more, and a large class takes less memory
        decided = read_decisions(order.out, plan, store, assignment.rubric)
        refresh_reports(order.out, plan, store, decided, pool, watch)
        save_ledger(order.out, store, decided.rulings)

        found = gradebook_rows(store, plan, roster, decided)
        shown = rows_as_published(store, plan, found, len(assignment.rubric.items))
        write_gradebook(order.out, shown, assignment.rubric)
        keep_names(store, order.names)
        everyone = list(read_marks(store, plan))
        write_class_page(order.out, store, plan, assignment.rubric, shown, everyone)
        return Summary(
            entries=found,
            handed_in=run.handed_in,
            graded=len({content for content, _ in run.new if content}),
            most=assignment.rubric.most,
            suspects=tuple(without_acknowledged(detect_suspects(everyone, assignment.rubric), store, plan)),
            conflicts=decided.by_hand.conflicts,
            wrong_rows=decided.by_hand.flaws,
            agreement=decided.by_hand.agreement.told() if decided.by_hand.agreement else "",
            strangers=tuple(unknown_ids(order.out, store, {entry.student.id for entry in found})),
            odd_fixes=run.odd_fixes,
            causes=tuple(find_class_causes(everyone)),
            shown=tuple(shown),
            drift=measure_drift(kit.fingerprint, plan, store, assignment.rubric),
            counts=count_run(run.new, store.walk_rows(plan), found),
        )


def measure_drift(today: str, plan: str, store: Store, rubric: Rubric) -> Drift | None:
    """What the versions of today would change, where they aren't those that OUT was graded with."""
    if today == plan:
        return None
    versions = name_versions(store.parts(plan), store.parts(today))
    return Drift(versions, compare_stored(store, plan, today, rubric.points))
