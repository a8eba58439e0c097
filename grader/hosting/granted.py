"""Where the packages lie that a submission may import, and what they need themselves."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from grader.errors import SandboxError


class Granted(NamedTuple):
    """What the other process gets to see of the installed packages."""

    path: tuple[str, ...]  #: folders for its sys.path
    entries: tuple[str, ...]  #: files and folders in them that it may read; nothing else there
    names: tuple[str, ...]  #: what the granted packages import, themselves included


def locate(packages: Sequence[str]) -> Granted:
    """The granted packages and, for those beside numpy, what their metadata says they need.

    Raises `SandboxError` where one isn't installed: the rubric promises it to students.
    """
    promised = tuple(dict.fromkeys(("numpy", *packages)))
    # numpy needs nothing, and is found without importlib.metadata, which would cost a cold start 10 ms.
    names = tuple(dict.fromkeys((*promised, *_closure(promised)))) if len(promised) > 1 else promised
    entries = tuple(dict.fromkeys(entry for name in names for entry in _entries(name, name in promised)))
    return Granted(tuple(dict.fromkeys(map(os.path.dirname, entries))), entries, names)


def _entries(name: str, required: bool) -> Iterable[str]:
    """The folder or file of one top-level name, and the folder of shared libraries that wheels put beside it."""
    spec = find_spec(name)
    if spec is None or (spec.origin is None and not spec.submodule_search_locations):
        if required:
            raise SandboxError(f"the rubric lets submissions import {name}, which isn't installed: pip install {name}")
        return
    if not spec.submodule_search_locations:
        yield os.path.realpath(spec.origin or "")
        return
    for folder in map(os.path.realpath, spec.submodule_search_locations):
        yield folder
        if Path(folder + ".libs").is_dir():
            yield folder + ".libs"


def _closure(packages: Sequence[str]) -> set[str]:
    """The top-level import names of all distributions that these packages require, as far as they're installed."""
    from importlib import metadata  # heavy, and only for rubrics that grant more than numpy

    owners = metadata.packages_distributions()
    left = [distribution for name in packages for distribution in owners.get(name, [])]
    found: dict[str, set[str]] = {}
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another platform or Python
        needed = [line for line in distribution.requires or [] if "extra ==" not in line]
        left += [match.group() for line in needed if (match := re.match(r"[\w.-]+", line))]
        found[name] = _top_levels(distribution.files or [])
    return set().union(*found.values())


def _top_levels(files: Iterable[object]) -> set[str]:
    """The names by which a distribution's files can be imported."""
    tops = {str(file).replace("\\", "/").split("/")[0] for file in files}
    return {top.split(".")[0] for top in tops if re.fullmatch(r"\w+(\.py|\.[\w-]+\.(so|pyd))?", top)} - {"__pycache__"}
