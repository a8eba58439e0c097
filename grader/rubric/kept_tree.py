"""The trees of the bundled rubrics, as they were read when the package was installed: a run then needs no PyYAML.

A kept tree is used only where the digest says that it was made of the very text, by the very reader: whoever edits
either in a checkout has the text read again. All that is checked of a rubric is checked of it as ever. Nothing is
written when somebody grades.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from grader.rubric.nodes import Node, Place

#: Where tools/build_trees.py leaves them, within the package.
FOLDER = "bundled/trees"
_SUFFIX = ".msgpack"
_READER = Path(__file__).with_name("yaml_tree.py")
_Spot = tuple[int, int]


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A node, with its place in the one file that all of it is from."""

    spot: _Spot
    value: bool | int | float | str | list[_Kept] | dict[str, _Kept] | None
    keys: dict[str, _Spot] = {}


class _File(msgspec.Struct, frozen=True, array_like=True):
    sha256: str
    root: _Kept


def keep(text: str, root: Node) -> bytes:
    """What is kept of a rubric's text and its tree, which has no flaws."""
    return msgspec.msgpack.encode(_File(_digest(text), _pack(root)))


def name_of_kept(rubric: Path) -> str:
    """What the file is called that holds the tree of a rubric."""
    return rubric.stem + _SUFFIX


def find_kept(text: str, rubric: Path) -> Node | None:
    """The tree of this text, if there is one for this rubric."""
    file = Path(__file__).parent.parent / FOLDER / name_of_kept(rubric)
    try:
        found = msgspec.msgpack.decode(file.read_bytes(), type=_File)
        if found.sha256 != _digest(text):
            return None
    except (OSError, msgspec.DecodeError):
        return None
    return _unpack(found.root, str(rubric))


def _digest(text: str) -> str:
    return hashlib.sha256(_READER.read_bytes() + text.encode()).hexdigest()


def _spot(place: Place) -> _Spot:
    return place.line, place.column


def _pack(node: Node) -> _Kept:
    value = node.value
    if isinstance(value, dict):
        value = {key: _pack(each) for key, each in value.items()}
    elif isinstance(value, list):
        value = [_pack(each) for each in value]
    return _Kept(_spot(node.place), value, {key: _spot(place) for key, place in node.keys.items()})


def _unpack(kept: _Kept, file: str) -> Node:
    value = kept.value
    if isinstance(value, dict):
        told: object = {key: _unpack(each, file) for key, each in value.items()}
    else:
        told = [_unpack(each, file) for each in value] if isinstance(value, list) else value
    return Node(told, Place(file, *kept.spot), {key: Place(file, *spot) for key, spot in kept.keys.items()})
