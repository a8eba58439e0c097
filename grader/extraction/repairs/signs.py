"""What a look at what was read says of its slips: most submissions show no sign of most sorts, and nobody lists these.

A sign may be wrong. Where there is none, no repair of that sort would be listed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from ...submission.patterns import late
from ..choosing import Chosen
from ..dependencies import BUILTIN
from ..model import Required
from ..parsed_files import Sources
from ..parsing import TopStatement
from .names import ALIASES, is_near_name, mistyped_package, modules_of, names_of_package

AFTER_NUMPY = late(r"\b(?:np|numpy)\s*\.\s*(\w+)")


def signs_of_slips(
    sources: Sources,
    kept: Mapping[int, Sequence[TopStatement]],
    required: Sequence[Required],
    chosen: Mapping[str, Chosen],
    packages: Sequence[str],
) -> Iterator[str]:
    """The sorts that may be repaired, of those that show in a file as a whole.

    Args:
        kept: of each file the statements that the required functions need.
    """
    free = {name for file, statements in kept.items() for name in _free_names(sources, file, statements)}
    nodes = [each.node for statements in kept.values() for each in statements]
    known, granted = modules_of(sources.files), {"numpy", *packages}
    if not free.isdisjoint(ALIASES) or any(mistyped_package(node, granted, known) for node in nodes):
        yield "missing import"
    if free - ALIASES.keys() or _is_misspelt_function(sources, required, chosen) or _asks_numpy_in_vain(kept):
        yield "misspelt name"
    if any(refused.fault is not None for file in sources.looked_at for refused in sources.parse_once(file).refused):
        yield from ("syntax", "indentation")


def _free_names(sources: Sources, file: int, statements: Sequence[TopStatement]) -> set[str]:
    """Names that nothing at the top level of the file binds."""
    bound = {name for each in sources.parse_once(file).statements for name in each.facts.binds}
    return {name for each in statements for name in each.facts.uses} - bound - BUILTIN


def _is_misspelt_function(sources: Sources, required: Sequence[Required], chosen: Mapping[str, Chosen]) -> bool:
    """Whether a function isn't there, and a definition may be meant for it."""
    absent = [each.names[0] for each in required if each.name not in chosen]
    if not absent:
        return False
    if len(sources.looked_at) < len(sources.files):  # to parse the others, too, is left to whoever lists repairs
        return True
    defined = {getattr(each.node, "name", "") for file in sources for each in sources.parse_once(file).statements}
    return any(is_near_name(name, wanted) for name in defined - {""} for wanted in absent)


def _asks_numpy_in_vain(kept: Mapping[int, Sequence[TopStatement]]) -> bool:
    """Whether a name is looked for in numpy that it doesn't have."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return False
    asked = {name for found in kept.values() for each in found for name in AFTER_NUMPY.findall(each.text)}
    rest = asked - vars(numpy).keys()  # nearly always nothing: to list all names takes longer
    return not names_of_package(numpy).issuperset(rest) if rest else False
