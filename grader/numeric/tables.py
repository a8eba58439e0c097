"""Hold a table against the truth: labels, columns, kinds of numbers, then values; of a sparse matrix its entries."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.numeric.agreement import Tolerance, compare

#: What a table holds, by the names of its parts.
Parts = dict[str, Any]
#: A right sparse matrix may store some zeros, and not many times what it holds.
MOST_STORED = 2
#: Kinds of numbers that are one: whole ones with and without a sign.
_ONE_KIND = {"u": "i"}


def find_difference(form: str, due: Parts, mine: Parts, tolerance: Tolerance) -> tuple[str, str]:
    """Why a table isn't the one of its form that is due, and a note; ("", "") where it is."""
    if form == "sparse matrix":
        return _sparse_difference(due, mine, tolerance)
    if form == "DataFrame" and due["columns"] != mine["columns"]:
        return "columns", f"Its columns are {mine['columns']}. Expected: {due['columns']}."
    if len(due["index"]) != len(mine["index"]):
        return "shape", f"It has {len(mine['index'])} rows. Expected: {len(due['index'])}."
    if due["index"] != mine["index"]:
        return "index", ""
    if form == "Series":
        return _column_difference("", (due["values"], due["kind"]), (mine["values"], mine["kind"]), tolerance)
    columns = zip(due["columns"], due["data"], due["kinds"], mine["data"], mine["kinds"], strict=True)
    found = (_column_difference(str(n), (a, k), (b, m), tolerance) for n, a, k, b, m in columns)
    return next((each for each in found if each[0]), ("", ""))


def _column_difference(name: str, want: tuple[Any, str], got: tuple[Any, str], tolerance: Tolerance) -> tuple[str, str]:
    """Why a column isn't the one that is due. What is missing has to be missing in both."""
    where = f"In the column {name}." if name else ""
    (due, due_kind), (mine, kind) = want, got
    if _ONE_KIND.get(due_kind, due_kind) != _ONE_KIND.get(kind, kind):
        return "dtype", f"{where} Its kind is {kind!r}. Expected: {due_kind!r}.".strip()
    if isinstance(due, list) or isinstance(mine, list):
        same = isinstance(due, list) and isinstance(mine, list) and due == mine
        return ("", "") if same else ("value", where)
    if due.dtype.kind not in "fc" or mine.dtype.kind not in "fc":
        return ("", "") if np.array_equal(due, mine) else ("value", where)
    missing = np.isnan(due)
    if not np.array_equal(missing, np.isnan(mine)):
        return "nan", where
    mismatch = compare(mine[~missing], due[~missing], tolerance)
    return ("", "") if mismatch is None else (mismatch.reason, where)


def _sparse_difference(due: dict[str, Any], mine: dict[str, Any], tolerance: Tolerance) -> tuple[str, str]:
    if due["shape"] != mine["shape"]:
        return "shape", f"Your result has shape {mine['shape']}. Expected: {due['shape']}."
    width = due["shape"][1]
    places = np.union1d(_places(due, width), _places(mine, width))
    mismatch = compare(_at(mine, places, width), _at(due, places, width), tolerance)
    if mismatch is not None:
        return mismatch.reason, ""
    if mine["stored"] > MOST_STORED * max(1, due["stored"]):
        return "sparsity", f"It stores {mine['stored']} entries. It needs {due['stored']}."
    return "", ""


def _places(parts: dict[str, Any], width: int) -> Any:
    return parts["row"] * width + parts["column"]


def _at(parts: dict[str, Any], places: Any, width: int) -> Any:
    """The entries at these places, zero where none is stored."""
    values = parts["values"] if parts["values"].dtype.kind in "fc" else parts["values"].astype(np.float64)
    found = np.zeros(places.shape, values.dtype)
    np.add.at(found, np.searchsorted(places, _places(parts, width)), values)
    return found
