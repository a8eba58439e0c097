"""What a class was graded with: OUT keeps it, so that the same command needs no options the second time.

A rubric's reference runs without a jail. So where nobody names a rubric, one is only looked for in the folder in which
the command is said, and never where students' files lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.classroom.intake.trees.folder import RESULTS
from grader.classroom.store.lock import lock
from grader.classroom.store.store import Store
from grader.errors import UsageError
from grader.plan.assignment import DEFAULT, rubrics_in
from grader.rubric.late_penalty import Late

_NAME = "settings"
#: The options that are kept, beside the rubric.
OPTIONS = ("layout", "pattern", "roster", "times", "ledger", "late", "attempts", "members")
_FILES = ("roster", "times", "ledger", "members")


class Settings(msgspec.Struct, frozen=True):
    """The options of the last batch. Paths are absolute; what is empty wasn't given."""

    rubric: str = ""
    folder: str = ""
    layout: str = ""
    pattern: str = ""
    roster: str = ""
    times: str = ""
    ledger: str = ""
    late: str = ""
    convert_python2: bool = False
    attempts: str = ""
    members: str = ""
    limits: dict[str, str] = {}  #: in place of the rubric's
    config: dict[str, str] = {}  #: what of these a grade.toml said then


def keep_settings(
    store: Store,
    rubric: str,
    folder: Path,
    options: Mapping[str, Path | str | None],
    config: Mapping[str, str],
    limits: Mapping[str, str],
    convert_python2: bool = False,
) -> None:
    """Keep them for the next batch: `options` by the names of OPTIONS, and what of all this a grade.toml says."""
    texts = {name: str(each.resolve()) if isinstance(each, Path) else each or "" for name, each in options.items()}
    settings = Settings(
        *(rubric, str(folder.resolve())),
        **texts,
        convert_python2=convert_python2,
        config=dict(config),
        limits=dict(limits),
    )
    store.keep_setting(_NAME, msgspec.json.encode(settings).decode())


def read_settings(out: Path) -> Settings:
    """What OUT was made with; nothing where nothing was graded there, or by an older grade.

    Raises:
        UsageError: another run is at work there.
    """
    if not (out / RESULTS).is_file():
        return Settings()
    with lock(out), Store(out / RESULTS) as store:
        return load_settings(store)


def load_settings(store: Store) -> Settings:
    """What a class was graded with; nothing where an older grade graded it."""
    return msgspec.json.decode(store.setting(_NAME) or "{}", type=Settings)


def is_overruled(name: str, config: Mapping[str, str], kept: Settings) -> bool:
    """Whether a grade.toml says of an option what it said the last time, and that batch was told otherwise."""
    return name in config and config[name] == kept.config.get(name) and bool(getattr(kept, name))


def options_of_last_time(
    kept: Settings, folder: Path, given: Mapping[str, Path | str | None], late: Late | None
) -> dict[str, Path | str]:
    """The options of the last batch that this one isn't given.

    Those of a layout hold for the same folder, those of lateness where the rubric has it.

    Raises:
        UsageError: a file that the last batch read is gone.
    """
    again = {"roster": kept.roster, "late": kept.late or "rubric", "attempts": kept.attempts, "members": kept.members}
    if late is not None and (given["late"] or again["late"]) != "lms":
        again |= {"times": kept.times, "ledger": kept.ledger if late.bank else ""}
    if kept.folder == str(folder.resolve()) and given["layout"] is given["pattern"] is None:
        again |= {"layout": kept.layout, "pattern": kept.pattern}
    missing = {name: text for name, text in again.items() if text and given[name] is None}
    for name in ("roster", "times", "members"):  # a ledger that isn't there is a new one
        if name in missing and not Path(missing[name]).is_file():
            raise UsageError(
                f"--{name} {missing[name]}: the last batch was given this file, and it is gone; name another"
            )
    return {name: Path(text) if name in _FILES else text for name, text in missing.items()}


class ChosenRubric(msgspec.Struct, frozen=True):
    """A rubric, and why it is this one."""

    rubric: str
    why: str = ""  #: in words, where nobody named it


def choose_rubric(asked: str | None, kept: Settings, here: Path, students: Path, source: str = "") -> ChosenRubric:
    """The rubric to grade by: the one that is asked for, else that of last time, else the only one that lies here.

    Args:
        asked: what --rubric says.
        kept: of the last batch.
        here: the folder in which the command is said.
        students: the class folder, in which no rubric is looked for.
        source: the file that asks for it, where that was no --rubric.

    Raises:
        UsageError: several lie here, or the one of last time is gone.
    """
    if asked is not None:
        return ChosenRubric(
            str(Path(asked).resolve()) if _is_path(asked) else asked, f"as {source} says" * bool(source)
        )
    if kept.rubric:
        if _is_path(kept.rubric) and not Path(kept.rubric).is_file():
            raise UsageError(
                f"{kept.rubric}: the results were made by this rubric, and it is gone; name it with --rubric"
            )
        return ChosenRubric(kept.rubric, "as the last time")
    found = [] if here.resolve().is_relative_to(students.resolve()) else rubrics_in(here)
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise UsageError(f"several rubrics are here; say which one with --rubric: {names}")
    if found:
        return ChosenRubric(str(found[0].resolve()), "the only one here")
    return ChosenRubric(DEFAULT, "the bundled one; --rubric names your own")


def _is_path(rubric: str) -> bool:
    return rubric.endswith((".yaml", ".yml")) or Path(rubric).is_file()
