"""What a result depends on besides the submission: change any of it, and everyone is graded again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from grader.inputs.draws import DRAWS_VERSION
from grader.plan.assignment import Assignment
from grader.version import __version__

#: How a part is called when it changed.
WORDS = {
    "rubric": "the rubric",
    "reference": "the reference",
    "limits": "the limits",
    "seed": "the draw",
    "draws": "the way inputs are drawn",
    "sandbox": "the sandbox",
    "python2": "whether Python 2 is converted",
    "grader": "the version of grade",
    "python": "the version of Python",
}


#: What a person changes on purpose; all else are versions, which change by themselves.
_ON_PURPOSE = frozenset({"rubric", "reference", "limits", "seed", "sandbox", "python2"})


def fingerprint_parts(assignment: Assignment, seed: int, sandbox: str, convert_python2: bool = False) -> dict[str, str]:
    """Each thing that a result depends on, in a few words or as a SHA-256."""
    rubric = assignment.rubric
    packages = {name: _version(name) for name in sorted({"numpy", *rubric.packages})}
    return {
        "rubric": rubric.sha256,
        "reference": digest_reference(*assignment.reference.folders),
        "limits": msgspec.json.encode(rubric.limits).decode(),
        "seed": str(seed),
        "draws": str(DRAWS_VERSION),
        "sandbox": sandbox,
        "grader": __version__,
        "python": platform.python_version(),
        **({"python2": "converted"} if convert_python2 else {}),
        **packages,
    }


def make_fingerprint(parts: Mapping[str, str]) -> str:
    """The parts as one SHA-256."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def what_changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The parts that differ, in words."""
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return ", ".join(WORDS.get(name, f"the version of {name}") for name in names)


def is_other_version(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether nothing differs but versions: of grade, Python, numpy or another package."""
    return before != now and all(before.get(name) == now.get(name) for name in _ON_PURPOSE)


def name_versions(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The versions that differ: "numpy 2.1.0, now 2.2.0"."""
    names = [name for name in now if name not in _ON_PURPOSE and before.get(name) != now[name]]
    called = {"grader": "grade", "python": "Python"}
    return ", ".join(f"{called.get(name, name)} {before.get(name, 'unknown')}, now {now[name]}" for name in names)


def reference_files(folder: Path) -> dict[str, bytes]:
    """Every file of a reference that may matter to it, data too."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path: path.relative_to(folder) for path in paths}
    return {
        name.as_posix(): path.read_bytes()
        for path, name in names.items()
        if not any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    }


def digest_reference(*folders: Path) -> str:
    """The SHA-256 of a reference: of every name and every byte, in all of its folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for name, data in reference_files(folder).items():
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
