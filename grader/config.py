"""`grade.toml`, or `[tool.grade]` in a pyproject.toml: options that needn't be said each time.

Any long option may stand there, at the top for every command that has it, or in a table of one command's name; and
`[limits]` in place of the rubric's. All mistakes are told at once, each with file, line and column.

A file that lies among what students handed in is never read: it could name a rubric, whose reference runs without a
jail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from grader.errors import Flaw, UsageError, did_you_mean, listed
from grader.limits import QUANTITIES, read_quantity

if TYPE_CHECKING:  # most runs only ask whether a pyproject.toml says anything, and `single` needs no click for the rest
    import click

NAMES = ("grade.toml", "pyproject.toml")
_MOST_BYTES = 1 << 20
_MOST_FLAWS = 50
_AT = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*(["']?)([^"'=\s\[]+)\1\s*=\s*""")
#: Never taken from a file: they ask for something once.
_ONCE = frozenset({"help", "version", "config", "yes", "undo", "erase", "settle"})


class Config(msgspec.Struct, frozen=True):
    """What a file says: for each command its options, by the names of their parameters."""

    file: str = ""
    options: Mapping[str, Mapping[str, Any]] = {}
    limits: Mapping[str, str] = {}


class _Option(msgspec.Struct, frozen=True):
    """An option as the file may say it."""

    command: click.Command
    option: click.Option


def find_config(asked: Path | None, folders: Sequence[Path], students: Path | None) -> Path | None:
    """The file to read: the one that is asked for, else the first in these folders; None where there is none.

    Args:
        asked: what --config says.
        folders: where to look, the best first.
        students: what was handed in; no file in it is taken, unless it is asked for.
    """
    if asked is not None:
        return asked
    safe = (each for each in folders if students is None or not _is_in(each, students))
    return next((each / name for each in safe for name in NAMES if has_settings(each / name)), None)


def _is_in(folder: Path, students: Path) -> bool:
    return students.is_dir() and folder.resolve().is_relative_to(students.resolve())


def has_settings(path: Path) -> bool:
    """Whether a file of one of these names holds options. Raises UsageError where it can't be read."""
    if not path.is_file():
        return False
    return path.name != "pyproject.toml" or re.search(rb"^\s*\[\s*tool\s*\.\s*grade\b", _read(path), re.M) is not None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror or error}") from None
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{path}: is longer than {_MOST_BYTES >> 20} MiB")
    return data


def read_config(path: Path, commands: Mapping[str, click.Command]) -> Config:
    """What a file says.

    Args:
        path: the file; its paths are meant from its own folder.
        commands: all commands, by name.

    Raises:
        UsageError: it can't be read, or has mistakes; all of them are listed.
    """
    try:
        text = _read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: should be UTF-8; save it so") from None
    reader = _Reader(path, text, commands)
    found = reader.read()
    if reader.flaws:
        raise UsageError(listed(f"{path.name}", sorted(reader.flaws)[:_MOST_FLAWS]))
    return found


class _Reader:
    """One file; what is wrong with it is kept."""

    def __init__(self, path: Path, text: str, commands: Mapping[str, click.Command]) -> None:
        self.path = path
        self.flaws: list[Flaw] = []
        self._commands = commands
        self._lines = text.splitlines()
        self._below = ("tool", "grade") if path.name == "pyproject.toml" else ()
        self._by_key = _options_by_key(commands)

    def read(self) -> Config:
        top: Any = self._parse()
        for name in self._below:
            top = top.get(name, {}) if isinstance(top, dict) else {}
        options: dict[str, dict[str, Any]] = {}
        limits: dict[str, str] = {}
        for key, value in top.items():
            if key == "limits":
                limits = self._limits(value)
            elif isinstance(value, dict) and key not in self._commands:
                hint = did_you_mean(key, [*self._commands, "limits"])
                self._wrong(key, (), f"no command is called {key!r}{hint}", of_value=False)
            elif isinstance(value, dict) and key in self._commands:
                for inner, each in value.items():
                    self._take(inner, each, (key,), options)
            else:
                self._take(key, value, (), options)
        return Config(str(self.path), options, limits)

    def _parse(self) -> dict[str, Any]:
        """The file's tree, without the lines that are no TOML, which are kept as flaws."""
        import tomllib  # most runs have no such file

        lines = list(self._lines)
        for _ in range(_MOST_FLAWS):
            try:
                return tomllib.loads("\n".join(lines))
            except tomllib.TOMLDecodeError as error:
                at = _AT.search(str(error))
                line = int(at[1]) if at and at[1] else max(len(lines), 1)
                line = line if line > 1 or not at or int(at[2] or 1) > 1 else 1
                column = int(at[2]) if at and at[2] else 1
                said = _AT.sub("", str(error)).strip()
                self.flaws.append(Flaw(str(self.path), line, column, f"this is no TOML: {said[:1].lower()}{said[1:]}"))
                if line > len(lines) or not lines[line - 1]:
                    return {}
                lines[line - 1] = ""
        return {}

    def _take(self, key: str, value: Any, table: tuple[str, ...], options: dict[str, dict[str, Any]]) -> None:
        import click

        name = key.replace("_", "-")
        found = [each for each in self._by_key.get(name, ()) if not table or each.command is self._commands[table[0]]]
        if not found:
            self._wrong(key, table, self._unknown(key, name, table), of_value=False)
            return
        for each in found:
            try:
                taken = self._convert(each, value)
            except (click.ClickException, ValueError, TypeError) as error:
                said = error.message if isinstance(error, click.ClickException) else str(error)
                self._wrong(key, table, f"{key}: {said}")
                return
            if each.option.name:
                options.setdefault(each.command.name or "", {})[each.option.name] = taken

    def _unknown(self, key: str, name: str, table: tuple[str, ...]) -> str:
        where = f"`grade {table[0]}` has no option" if table else "no command has an option"
        known = [
            word
            for word, each in self._by_key.items()
            if not table or any(one.command is self._commands[table[0]] for one in each)
        ]
        if name in _ONCE:
            return f"{key} is said with the command, each time"
        return f"{where} --{name}{did_you_mean(name, known if table else [*known, *self._commands, 'limits'])}"

    def _convert(self, each: _Option, value: Any) -> Any:
        import click

        option = each.option
        if option.is_flag:
            if not isinstance(value, bool):
                raise ValueError(f"should be true or false, found {value!r}")
            return value
        several = value if isinstance(value, list) else [value]
        if isinstance(value, list) and not option.multiple:
            raise ValueError("takes one value, found a list")
        wrong = [
            one for one in several if isinstance(one, (bool, dict, list)) or not isinstance(one, (str, int, float))
        ]
        if wrong:
            raise ValueError(f"should be a text or a number, found {wrong[0]!r}")
        for one in several:
            _refuse_other_type(option.type, one)
        context = click.Context(each.command)
        taken = [option.type.convert(self._place_path(option, str(one)), option, context) for one in several]
        texts = [str(one) if isinstance(one, Path) else one for one in taken]
        return texts if option.multiple else texts[0]

    def _place_path(self, option: click.Option, text: str) -> str:
        """A path from the file's own folder."""
        import click

        is_rubric = option.name == "rubric" and (
            text.endswith((".yaml", ".yml")) or (self.path.parent / text).is_file()
        )
        if isinstance(option.type, click.Path) or is_rubric:
            return str(self.path.parent / text)
        return text

    def _limits(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            self._wrong("limits", (), 'limits is a table: [limits], and below it call = "2 s"')
            return {}
        for key, text in value.items():
            if key not in QUANTITIES:
                hint = did_you_mean(key, QUANTITIES)
                self._wrong(
                    key, ("limits",), f"no limit is called {key!r}{hint}; there are: {', '.join(QUANTITIES)}", False
                )
                continue
            try:
                read_quantity(str(text), QUANTITIES[key][1])
            except ValueError as error:
                self._wrong(key, ("limits",), f"{key}: {error}")
        return {key: str(text) for key, text in value.items()}

    def _wrong(self, key: str, table: tuple[str, ...], message: str, of_value: bool = True) -> None:
        line, column = _place(self._lines, ".".join((*self._below, *table)), key, of_value)
        self.flaws.append(Flaw(str(self.path), line, column, message))


def _refuse_other_type(wanted: click.ParamType[Any], value: Any) -> None:
    """Raises ValueError for a number where a text belongs, or a text where a number does."""
    import click

    if isinstance(wanted, (click.Path, click.types.StringParamType)) and not isinstance(value, str):
        raise ValueError(f'should be a text such as "hw1", found {value!r}')
    if isinstance(wanted, click.types.IntParamType) and not isinstance(value, int):
        raise ValueError(f"should be a whole number, found {value!r}")


def _place(lines: Sequence[str], table: str, key: str, of_value: bool) -> tuple[int, int]:
    """Line and column of a key, or of its value; of the table where it can't be found."""
    here, start = "", (1, 1)
    for number, text in enumerate(lines, 1):
        if opened := _TABLE.match(text):
            here = re.sub(r"""[\s"']""", "", opened[1])
            start = (number, 1) if here in (table, f"{table}.{key}".strip(".")) else start
        elif here == table and (found := _KEY.match(text)) and found[2] == key:
            return number, (found.end() if of_value else found.start(2)) + 1
    return start


def _options_by_key(commands: Mapping[str, click.Command]) -> dict[str, list[_Option]]:
    """Every long option that a file may say, with the commands that have it."""
    import click

    found: dict[str, list[_Option]] = {}
    for command in commands.values():
        for option in command.params:
            if isinstance(option, click.Option):
                for name in _long_names(option):
                    found.setdefault(name, []).append(_Option(command, option))
    return {name: each for name, each in found.items() if name not in _ONCE}


def _long_names(option: click.Option) -> Iterator[str]:
    yield from (each.removeprefix("--") for each in option.opts if each.startswith("--"))
