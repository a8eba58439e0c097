"""The language of rubrics as a JSON Schema, made of the same tables of keys that the reader reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.rubric.check_keys import KindKeys
from grader.rubric.fields import Schema
from grader.rubric.reader import TOP
from grader.rubric.result_keys import NESTED

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rubric_schema(kinds: Mapping[str, KindKeys]) -> dict[str, Any]:
    """What a rubric may say, with checks of these kinds.

    It knows keys and the sorts of values; names, sums of points and whatever else hangs together only the reader does.
    """
    return {"$schema": DIALECT, "title": "A rubric", **TOP.schema, "$defs": {"check": _check(kinds), "result": NESTED}}


def _check(kinds: Mapping[str, KindKeys]) -> Schema:
    """A check of exactly one kind, with the keys of that kind: an editor then speaks of these, not of all kinds."""
    chosen = [{"if": {"required": [word]}, "then": kind.table(word).schema} for word, kind in kinds.items()]
    return {"type": "object", "oneOf": [{"required": [word]} for word in kinds], "allOf": chosen}
