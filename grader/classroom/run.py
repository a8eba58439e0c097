"""The flow of a class on one page: read who handed in what, grade what is new, rerun what lacked memory, report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.classroom.decisions.fixes import FIXES, Fixes, apply_fixes, read_fixes
from grader.classroom.decisions.lateness import UNKNOWN
from grader.classroom.decisions.reading import lateness_of_attempts, read_decisions, save_ledger, save_rule, unknown_ids
from grader.classroom.intake.members import FindStudent, join_groups, read_members
from grader.classroom.intake.model import ClassListing, Student, StudentSubmission
from grader.classroom.intake.named_by_roster import name_by_roster
from grader.classroom.intake.tree import RESULTS, open_tree, place_on_disk
from grader.classroom.layouts.recognise import class_folder, read_class
from grader.classroom.outputs.attempts import as_submission, attempts_to_grade, choose_attempt
from grader.classroom.outputs.gradebook import (
    ABSENT,
    AWAITING,
    NOT_GRADED,
    WRONG_FILE,
    GradebookRow,
    gradebook_rows,
    write_gradebook,
)
from grader.classroom.outputs.refresh import refresh_reports
from grader.classroom.outputs.releases import rows_as_published
from grader.classroom.outputs.run_counts import RunCounts, count_run
from grader.classroom.privacy.pseudonyms import save_pseudonyms
from grader.classroom.review.causes import ClassCause, find_class_causes
from grader.classroom.review.class_page import keep_names, write_class_page
from grader.classroom.review.compare import Comparison, compare_stored
from grader.classroom.review.scale import refuse_lost_releases, refuse_other_scale
from grader.classroom.review.suspects import Suspect, detect_suspects, without_acknowledged
from grader.classroom.store.fingerprint import (
    fingerprint_parts,
    is_other_version,
    make_fingerprint,
    name_versions,
    what_changed,
)
from grader.classroom.store.lock import lock
from grader.classroom.store.marks import read_marks
from grader.classroom.store.roster import Roster, read_roster, save_roster
from grader.classroom.store.settings import (
    OPTIONS,
    Settings,
    choose_rubric,
    is_overruled,
    keep_settings,
    options_of_last_time,
    read_settings,
)
from grader.classroom.store.store import GradingResult, ReadSubmission, Store, SubmissionRow
from grader.classroom.workers.job import GradingJob
from grader.classroom.workers.pool import Pool, cores, stop_if_hopeless
from grader.classroom.workers.process import Done, Failed, GradingOutcome
from grader.classroom.workers.progress import Quiet, Watch
from grader.classroom.workers.snapshot import take_snapshot, to_bytes
from grader.classroom.workers.tasks import GradeIt, Identified, Identify
from grader.errors import UsageError
from grader.plan.assignment import DEFAULT, Assignment, load_assignment
from grader.report.sanitize import escape_surrogates, line
from grader.rubric.model import AttemptRule, Rubric
from grader.verdict import Verdict

#: Grades submissions, so many at a time.
Grading = Callable[[Iterable[StudentSubmission], int | None], Iterator[GradingOutcome]]
#: Says who is graded a second time, and why.
Describe = Callable[[Sequence[StudentSubmission]], str]

_MOST_NAMED = 5


class ClassOrder(msgspec.Struct, frozen=True):
    """What somebody wants done with a class."""

    folder: Path
    out: Path
    rubric: str | None = None  #: None: that of the last batch, or the only one here, or the bundled one
    jobs: int = 0  #: worker processes; 0: as many as there are cores
    layout: str | None = None
    pattern: str | None = None
    roster: Path | None = None
    seed: int | None = None
    force: bool = False
    regrade: bool = False  #: by the versions of today, where OUT was graded with others
    sandbox: str = "jail"
    scheduler: str | None = None
    pseudonyms: bool = False  #: say nobody's id or name
    names: bool = False  #: let the class's page say whose lines it shows
    times: Path | None = None  #: when students handed in
    ledger: Path | None = None  #: of the late days that students have used in the course
    late: str | None = None  #: who takes points for lateness: the "rubric", or the "lms"; None: as the last time
    convert_python2: bool | None = None  #: grade copies in which Python 2 is turned into Python 3; None: as last time
    verbose: bool = False  #: name every entry of the class folder
    members: Path | None = None  #: who works together
    attempts: str | None = None  #: which of several counts; None: as the last time, else as the rubric says
    limits: dict[str, str] = {}  #: in place of the rubric's own
    config: str = ""  #: the file that said some of this
    configured: dict[str, str] = {}  #: what of the options that OUT keeps it says, on the command line or not


class Drift(msgspec.Struct, frozen=True):
    """What other versions than those that OUT was graded with would change."""

    versions: str  #: "numpy 2.1.0, now 2.2.0"
    comparison: Comparison


class Summary(msgspec.Struct, frozen=True):
    """What came of it."""

    entries: list[GradebookRow]
    handed_in: int
    graded: int  #: in this run
    most: Fraction  #: points
    suspects: tuple[Suspect, ...] = ()  #: checks that may be the rubric's fault
    conflicts: tuple[str, ...] = ()  #: rows of graders that disagree
    wrong_rows: tuple[str, ...] = ()  #: rows of graders that make no sense, and don't count
    agreement: str = ""  #: of graders, where some work was marked twice
    strangers: tuple[str, ...] = ()  #: ids in extensions or times that nobody here has
    odd_fixes: tuple[str, ...] = ()  #: entries among the repaired copies that are nobody's
    causes: tuple[ClassCause, ...] = ()  #: what cost several students points, the largest first
    shown: tuple[GradebookRow, ...] = ()  #: the entries under the scores that were published
    drift: Drift | None = None  #: where versions changed, and nobody was graded again for it
    counts: RunCounts = RunCounts()  #: what became of what was handed in

    @property
    def unknown_times(self) -> int:
        """How many handed in at a time that nobody knows, where the rubric asks for it."""
        return sum(entry.lateness in UNKNOWN for entry in self.entries)

    @property
    def not_graded(self) -> list[GradebookRow]:
        """Whoever has no grade through our fault."""
        return [entry for entry in self.entries if entry.status == NOT_GRADED]

    @property
    def awaiting(self) -> int:
        """How many wait for a person's points."""
        return sum(entry.status == AWAITING and not entry.is_unreadable for entry in self.entries)

    @property
    def unreadable(self) -> list[GradebookRow]:
        """Whose work can't be read, so that a person has to decide."""
        return [entry for entry in self.entries if entry.is_unreadable]

    @property
    def strange(self) -> list[GradebookRow]:
        """Whose work holds nothing of what is asked for: perhaps the wrong file."""
        return [entry for entry in self.entries if entry.reason == WRONG_FILE]

    @property
    def absent(self) -> list[GradebookRow]:
        """Who handed in nothing, as far as anybody knows of them."""
        return [entry for entry in self.entries if entry.status == ABSENT]

    @property
    def mean(self) -> float | None:
        """The mean score of whoever has one, in points."""
        scores = [entry.score for entry in self.shown if entry.score is not None]
        return float(sum(scores) / len(scores)) if scores else None


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
    order, assignment = _settle_order(order, watch)
    roster = read_roster(order.roster) if order.roster else None
    wanted = {each.name: (each.root, *each.also) for each in assignment.rubric.functions}
    place = class_folder(order.folder, order.out, order.layout, order.pattern, wanted)
    order = msgspec.structs.replace(order, folder=place)
    handed = _list_handed(order, assignment.rubric, wanted, roster, watch)
    with ExitStack() as stack:
        stack.enter_context(lock(order.out))
        if order.pseudonyms:
            save_pseudonyms(order.out, (student for each in handed for student in each.students))
        store = stack.enter_context(Store(order.out / RESULTS))
        refuse_lost_releases(order.out, store)
        if not order.force:
            refuse_other_scale(order.out, store, assignment.rubric)
        kit, plan = _kit(order, assignment, store, watch)
        save_roster(store, roster)
        _remember_order(order, given, store, assignment.rubric)
        pool = stack.enter_context(Pool(min(_jobs(order), len(handed)), kit))
        grading = _grading(order, assignment, kit, pool, stack, watch)

        run = _grade_handed(order, handed, assignment.rubric, kit.fingerprint, plan, store, pool, grading, watch)
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
            drift=_drift(kit.fingerprint, plan, store, assignment.rubric),
            counts=count_run(run.new, store.walk_rows(plan), found),
        )


class _Run(NamedTuple):
    """What of a run is still told at its end: little, so that what was read of a large class can go before."""

    handed_in: int
    new: tuple[tuple[str | None, str], ...]  #: of what was to be graded the content, and who handed it in
    odd_fixes: tuple[str, ...]


def _list_handed(
    order: ClassOrder,
    rubric: Rubric,
    wanted: Mapping[str, Sequence[str]],
    roster: Roster | None,
    watch: Watch,
) -> tuple[StudentSubmission, ...]:
    """Who handed in what, groups as one."""
    listing = read_class(open_tree(order.folder, order.out), rubric.name, order.layout, order.pattern, wanted)
    if roster:
        listing = name_by_roster(listing, roster.named, roster.student)
    if order.members:
        listing = join_groups(listing, read_members(order.members), _known_students(listing, roster))
    _tell(listing, order, watch)
    return listing.handed


def _grade_handed(
    order: ClassOrder,
    handed: tuple[StudentSubmission, ...],
    rubric: Rubric,
    today: str,
    plan: str,
    store: Store,
    pool: Pool,
    grading: Grading,
    watch: Watch,
) -> _Run:
    """Read everything, and grade what is new."""
    fixes = read_fixes(order.out, handed, rubric.most)
    reads = identify(order, handed, fixes, pool, store, watch)
    reads = read_attempts(order, reads, pool, watch)
    new = tuple((row.content, row.handed.id) for row in store.ungraded(plan))
    describe = partial(_describe_second_try, rubric, not order.pseudonyms)
    if plan != today:
        grade_pinned(today, plan, store, grading, watch, describe)
    else:
        grade_new(plan, store, grading, watch)
        rerun_suspects(plan, store, grading, watch, describe)
    settle_attempts(order, reads, plan, store, grading, rubric, watch)
    return _Run(len(handed), new, tuple(fixes.odd))


def _known_students(listing: ClassListing, roster: Roster | None) -> FindStudent:
    """Finds whoever goes by an id: among those who handed in, by the roster's names for them, else on the roster."""
    handed = [student for each in listing.handed for student in each.students]
    by_id = {name.casefold(): each for each in reversed(handed) for name in (each.email, each.id) if name}
    by_member = {member: each for each in handed if roster and (member := roster.find(each))}

    def find(name: str) -> Student | None:
        member = roster.find(Student(name)) if roster else None
        known = by_member.get(member) if member else None
        return known or by_id.get(name.casefold()) or (member.student if member else None)

    return find


def _drift(today: str, plan: str, store: Store, rubric: Rubric) -> Drift | None:
    """What the versions of today would change, where they aren't those that OUT was graded with."""
    if today == plan:
        return None
    versions = name_versions(store.parts(plan), store.parts(today))
    return Drift(versions, compare_stored(store, plan, today, rubric.points))


def _settle_order(order: ClassOrder, watch: Watch) -> tuple[ClassOrder, Assignment]:
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


def _remember_order(order: ClassOrder, given: Path, store: Store, rubric: Rubric) -> None:
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


def _tell(listing: ClassListing, order: ClassOrder, watch: Watch) -> None:
    watch.say(f"{order.folder}: {listing.layout}, {len(listing.handed):,} submissions")
    odd = [each for each in listing.left_out if each.reason != "litter"]
    if order.pseudonyms:  # files have their authors' names, too
        watch.say(f"  {len(odd):,} entries left out")
        return
    most = None if order.verbose else 3
    for handed in listing.handed[:most]:
        files = ", ".join(part.name or f"{part.place}/" for part in handed.parts) or "no file"
        names = ", ".join(f"{student.id} {student.name}".strip() for student in handed.students)
        watch.say(line(f"  {names}: {files}{' (late)' if handed.late else ''}"))
    for each in odd[:most]:
        watch.say(line(f"  left out: {each.place}: {each.reason}"))
    if most is not None and len(odd) > most:
        watch.say(f"  and {len(odd) - 3:,} more entries left out")


def _jobs(order: ClassOrder) -> int:
    return order.jobs or cores()


def _kit(order: ClassOrder, assignment: Assignment, store: Store, watch: Watch) -> tuple[GradingJob, str]:
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


def _grading(
    order: ClassOrder, assignment: Assignment, kit: GradingJob, pool: Pool, stack: ExitStack, watch: Watch
) -> Grading:
    """On this machine's cores, or on a cluster's."""
    folder = str(order.folder.resolve())
    if order.scheduler is not None:
        from grader.classroom.workers.cluster import Cluster  # dask.distributed is an extra

        cluster = Cluster(order.scheduler, folder, assignment, kit, pool, watch.say)
        return stack.enter_context(cluster).grade

    def here(handed: Iterable[StudentSubmission], width: int | None) -> Iterator[GradingOutcome]:
        tasks = (GradeIt(folder, each) for each in handed)
        return ((task.handed, outcome) for task, outcome in pool.each(tasks, width, makes_room=width is None))

    return here


# -- the steps -----------------------------------------------------------------------------------------------------


def identify(
    order: ClassOrder, everyone: Sequence[StudentSubmission], fixes: Fixes, pool: Pool, store: Store, watch: Watch
) -> list[ReadSubmission]:
    """Read every submission once, and what is graded in its place, to know which of them are new."""
    folder = str(order.folder.resolve())
    tasks = [Identify(folder, handed) for handed in apply_fixes(everyone, fixes) if handed.id not in fixes.flaws]
    found = {each.id: _unread(each, fixes.flaws[each.id]) for each in everyone if each.id in fixes.flaws}
    for task, outcome in watch.each("reading", pool.each(tasks), len(tasks)):
        handed = task.handed
        stop_if_hopeless(outcome)
        if isinstance(outcome, Failed):
            found[handed.id] = _unread(handed, outcome.text)
        else:
            found[handed.id] = _read(handed, outcome.value)
    reads = [found[handed.id] for handed in everyone]
    store.keep_class(reads)
    return reads


def _read(handed: StudentSubmission, read: Identified) -> ReadSubmission:
    content = None if read.is_empty else read.content
    return ReadSubmission(handed, content, read.files, replaced=read.replaced)


def _unread(handed: StudentSubmission, why: str) -> ReadSubmission:
    return ReadSubmission(handed, None, fault=escape_surrogates(why))  # it may hold names of files


def read_attempts(order: ClassOrder, reads: list[ReadSubmission], pool: Pool, watch: Watch) -> list[ReadSubmission]:
    """Read every earlier attempt, too; one that can't be read is there, and is never graded."""
    folder = str(order.folder.resolve())
    wanted = [read for read in reads if read.handed.attempts and not read.handed.fix]
    tasks = {
        (read.handed.id, at): Identify(folder, as_submission(read.handed, attempt))
        for read in wanted
        for at, attempt in enumerate(read.handed.attempts)
    }
    keys = {id(task): key for key, task in tasks.items()}
    found = {
        keys[id(task)]: outcome.value
        for task, outcome in watch.each("reading attempts", pool.each(tasks.values()), len(tasks))
        if isinstance(outcome, Done) and not outcome.value.is_empty
    }
    return [_with_contents(read, found) if read in wanted else read for read in reads]


def _with_contents(read: ReadSubmission, found: dict[tuple[str, int], Identified]) -> ReadSubmission:
    handed = read.handed
    known = {at: found[handed.id, at] for at in range(len(handed.attempts)) if (handed.id, at) in found}
    attempts = tuple(
        msgspec.structs.replace(each, content=known[at].content, files=known[at].files) if at in known else each
        for at, each in enumerate(handed.attempts)
    )
    return msgspec.structs.replace(read, handed=msgspec.structs.replace(handed, attempts=attempts))


def settle_attempts(
    order: ClassOrder,
    reads: list[ReadSubmission],
    plan: str,
    store: Store,
    grading: Grading,
    rubric: Rubric,
    watch: Watch,
) -> None:
    """Keep the attempt that counts of everybody who handed in several, graded as far as that takes."""
    if not any(read.handed.attempts for read in reads):
        return
    rule: AttemptRule = order.attempts or rubric.attempts  # type: ignore[assignment]  # the command line checks it
    todo = attempts_to_grade(reads, rule, store, plan)
    _grade("grading attempts", plan, todo, store, lambda handed: grading(handed, None), watch)
    lateness = lateness_of_attempts(order.out, store)
    store.keep_class([choose_attempt(read, rule, store, plan, lateness) for read in reads])


def grade_new(plan: str, store: Store, grading: Grading, watch: Watch) -> int:
    """Grade every content that the plan hasn't graded yet; gives how many those were."""
    todo = _by_content(store.ungraded(plan))
    _grade("grading", plan, todo, store, lambda handed: grading(handed, None), watch)
    return len(todo)


def grade_pinned(today: str, plan: str, store: Store, grading: Grading, watch: Watch, describe: Describe) -> None:
    """Grade by the versions of today, to know what they would change; by them holds only what has no grade yet."""
    grade_new(today, store, grading, watch)
    rerun_suspects(today, store, grading, watch, describe)
    store.copy_results(_by_content(store.ungraded(plan)), today, plan)


def rerun_suspects(plan: str, store: Store, grading: Grading, watch: Watch, describe: Describe) -> None:
    """Grade again what ended where the machine had no memory left: each has it to itself then."""
    todo = _by_content(store.suspects(plan, Verdict.MEMORY))
    if todo:
        watch.say(describe(list(todo.values())))
    _grade("second try", plan, todo, store, _again(grading), watch)


def _describe_second_try(rubric: Rubric, has_names: bool, handed: Sequence[StudentSubmission]) -> str:
    """Who is tried again, why, and what each may use."""
    count = "1 submission" if len(handed) == 1 else f"{len(handed):,} submissions"
    limit = f"limit {rubric.limits.memory_bytes >> 20:,} MiB each"
    more = f" and {len(handed) - _MOST_NAMED:,} more" if len(handed) > _MOST_NAMED else ""
    names = f": {', '.join(each.id for each in handed[:_MOST_NAMED])}{more}" if has_names else ""
    return line(f"second try for {count} that ran out of memory ({limit}){names}")


def _by_content(rows: Iterable[SubmissionRow]) -> dict[str, StudentSubmission]:
    """The same files are graded once, whoever handed them in."""
    found: dict[str, StudentSubmission] = {}
    for row in rows:
        if row.content:
            found.setdefault(row.content, row.handed)
    return found


def _again(grading: Grading) -> Callable[[Iterable[StudentSubmission]], Iterator[GradingOutcome]]:
    return lambda handed: (
        (each, Done(msgspec.structs.replace(outcome.value, suspect="")) if isinstance(outcome, Done) else outcome)
        for each, outcome in grading(handed, 1)
    )


def _grade(
    what: str,
    plan: str,
    todo: dict[str, StudentSubmission],
    store: Store,
    grading: Callable[[Iterable[StudentSubmission]], Iterator[GradingOutcome]],
    watch: Watch,
) -> None:
    """Grade, and keep each result as soon as it is there."""
    contents = {handed.id: content for content, handed in todo.items()}
    for handed, outcome in watch.each(what, grading(todo.values()), len(todo)):
        stop_if_hopeless(outcome)
        if isinstance(outcome, Failed):
            result = GradingResult(contents[handed.id], Verdict.NOT_GRADED.value, fault=outcome.text)
        else:
            result = outcome.value
        store.keep(plan, result)
