"""Where the packages lie that a submission may import, and what they need themselves."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec

from grader.errors import SandboxError


class PackageAccess(msgspec.Struct, frozen=True):
    """What the other process gets to see of the installed packages."""

    path: tuple[str, ...]  #: folders for its sys.path
    entries: tuple[str, ...]  #: files and folders in them that it may read; nothing else there
    names: tuple[str, ...]  #: what the granted packages import, themselves included


def locate_packages(packages: Sequence[str]) -> PackageAccess:
    """The granted packages and, for those beside numpy, what their metadata says they need.

    Raises `SandboxError` where one isn't installed: the rubric promises it to students.
    """
    promised = tuple(dict.fromkeys(("numpy", *packages)))
    # numpy needs nothing, and is found without importlib.metadata, which would cost a cold start 10 ms.
    required, libraries = _closure(promised) if len(promised) > 1 else (set(), set())
    names = tuple(dict.fromkeys((*promised, *sorted(required))))
    entries = [entry for name in names for entry in _entries(name, name in promised)]
    folders = tuple(dict.fromkeys(map(os.path.dirname, entries)))
    return PackageAccess(folders, tuple(dict.fromkeys((*entries, *sorted(libraries)))), names)


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


def _closure(packages: Sequence[str]) -> tuple[set[str], set[str]]:
    """By what names all that these packages require is imported, and the folders of shared libraries beside it.

    As far as its distributions are installed. Those folders lie under the distribution's own name.
    """
    from importlib import metadata  # heavy, and only for rubrics that grant more than numpy

    owners = metadata.packages_distributions()
    left = [distribution for name in packages for distribution in owners.get(name, [])]
    seen: set[str] = set()
    names: set[str] = set()
    libraries: set[str] = set()
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another platform or Python
        needed = [line for line in distribution.requires or [] if "extra ==" not in line]
        left += [match.group() for line in needed if (match := re.match(r"[\w.-]+", line))]
        tops = {str(file).replace("\\", "/").split("/")[0] for file in distribution.files or []}
        names |= {top.split(".")[0] for top in tops if re.fullmatch(r"\w+(\.py|\.[\w-]+\.(so|pyd))?", top)}
        libraries |= {os.path.realpath(str(distribution.locate_file(top))) for top in tops if top.endswith(".libs")}
    return names - {"__pycache__"}, libraries
