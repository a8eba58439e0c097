"""Objects of the field as plain values: what a pandas Series or DataFrame and a sparse matrix of scipy hold.

Whoever receives one needs none of these packages to take it apart; who is to compute with it makes the object anew.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import numpy as np

#: What is held of each form: keys, and the types of what lies there.
_PARTS: dict[str, dict[str, tuple[type, ...]]] = {
    "Series": {"values": (np.ndarray, list), "kind": (str,), "index": (tuple,)},
    "DataFrame": {"columns": (tuple,), "data": (list,), "kinds": (list,), "index": (tuple,)},
    "sparse matrix": {
        "shape": (tuple,),
        "row": (np.ndarray,),
        "column": (np.ndarray,),
        "values": (np.ndarray,),
        "format": (str,),
        "stored": (int,),
        "is_array": (bool,),
    },
}
_SPARSE_FORMATS = frozenset({"bsr", "coo", "csc", "csr", "dia", "dok", "lil"})


class Table:
    """A Series, a DataFrame or a sparse matrix, as plain values."""

    __slots__ = ("form", "parts")

    def __init__(self, form: str, parts: dict[str, Any]) -> None:
        """Raises ValueError where the parts are none of such an object."""
        wanted = _PARTS.get(form)
        if wanted is None or type(parts) is not dict or parts.keys() != wanted.keys():
            raise ValueError("no table")
        if not all(type(parts[key]) in kinds for key, kinds in wanted.items()) or not _is_sound(form, parts):
            raise ValueError("a table that holds something else")
        self.form = form
        self.parts = parts


def _is_sound(form: str, parts: dict[str, Any]) -> bool:
    """Whether its parts fit each other."""
    if form == "sparse matrix":
        row, column, values, shape = (parts[key] for key in ("row", "column", "values", "shape"))
        sides = len(shape) == 2 and all(type(side) is int and 0 <= side < 1 << 31 for side in shape)
        flat = all(each.ndim == 1 and each.size == values.size for each in (row, column, values))
        if not (sides and flat and row.dtype.kind == column.dtype.kind == "i" and values.dtype.kind in "biufc"):
            return False
        inside = not values.size or bool(row.min() >= 0 and column.min() >= 0)
        within = not values.size or bool(row.max() < shape[0] and column.max() < shape[1])
        return inside and within and parts["format"] in _SPARSE_FORMATS
    if form == "Series":
        return _are_columns([parts["values"]], [parts["kind"]], parts["index"])
    names, columns, kinds = parts["columns"], parts["data"], parts["kinds"]
    named = len(names) == len(kinds) == len(columns) and all(map(_is_label, names))
    return named and _are_columns(columns, kinds, parts["index"])


def _are_columns(columns: list[Any], kinds: list[Any], index: tuple[Any, ...]) -> bool:
    """Whether these are columns of such kinds, beside such labels."""
    return all(map(_is_label, index)) and all(
        type(kind) is str and _is_flat(column) and len(column) == len(index) and _is_column(column, kind)
        for column, kind in zip(columns, kinds, strict=True)
    )


def _is_flat(column: Any) -> bool:
    return type(column) is list or (type(column) is np.ndarray and column.ndim == 1)


def _is_column(column: Any, kind: str) -> bool:
    """Whether a column holds what its kind says."""
    if type(column) is list:
        return kind == "O" and all(map(_is_label, column))
    return bool(column.dtype == np.int64) if kind in ("m", "M") else kind == column.dtype.kind


def _is_label(item: Any) -> bool:
    """Whether it is one of Python's own plain values, or a few of them."""
    if type(item) is tuple:
        return all(map(_is_label, item))
    return item is None or type(item) in (str, int, float, bool)


def is_table(value: Any) -> bool:
    """Whether a value is an object of the field."""
    return _form_of(value) is not None


def flatten(value: Any) -> Table | None:
    """What an object of the field holds; None for all else, and for what can't be said."""
    form = _form_of(value)
    if form is None:
        return None
    try:
        return Table(form, _FLATTEN[form](value))
    except Exception:  # noqa: BLE001 - a class of their own may do anything; then it is no plain value
        return None


def flatten_all(value: Any) -> Any:
    """A value with every table in it as plain values."""
    kind = type(value)
    if kind in (list, tuple):
        return kind(map(flatten_all, value))
    if kind is dict:
        return {key: flatten_all(item) for key, item in value.items()}
    return flatten(value) or value


def build_all(value: Any) -> Any:
    """A value with every table in it made an object again. Raises ImportError where its package isn't there."""
    kind = type(value)
    if kind in (list, tuple):
        return kind(map(build_all, value))
    if kind is dict:
        return {key: build_all(item) for key, item in value.items()}
    return build(value) if kind is Table else value


def build(table: Table) -> Any:
    """The object that a table stands for. Raises ImportError where its package isn't there."""
    parts = table.parts
    if table.form == "sparse matrix":
        sparse: Any = import_module("scipy.sparse")
        make = sparse.coo_array if parts["is_array"] else sparse.coo_matrix
        return make((parts["values"], (parts["row"], parts["column"])), shape=parts["shape"]).asformat(parts["format"])
    pandas: Any = import_module("pandas")
    index = _labels_of(pandas, parts["index"])
    if table.form == "Series":
        return pandas.Series(_column_of(pandas, parts["values"], parts["kind"]), index=index)
    columns = [_column_of(pandas, values, kind) for values, kind in zip(parts["data"], parts["kinds"], strict=True)]
    made = pandas.DataFrame(dict(enumerate(columns)), index=pandas.RangeIndex(len(index)))
    made.columns, made.index = _labels_of(pandas, parts["columns"]), index
    return made


def _form_of(value: Any) -> str | None:
    home = type.__getattribute__(type(value), "__module__")
    if type(home) is not str or not home.startswith(("pandas", "scipy.sparse")):
        return None
    pandas, sparse = sys.modules.get("pandas"), sys.modules.get("scipy.sparse")
    if pandas is not None and isinstance(value, (pandas.Series, pandas.DataFrame)):
        return "Series" if isinstance(value, pandas.Series) else "DataFrame"
    return "sparse matrix" if sparse is not None and sparse.issparse(value) and value.ndim == 2 else None


def _flatten_series(value: Any) -> dict[str, Any]:
    values, kind = _column(value)
    return {"values": values, "kind": kind, "index": _labels(value.index)}


def _flatten_frame(value: Any) -> dict[str, Any]:
    columns = [_column(value.iloc[:, number]) for number in range(value.shape[1])]
    data, kinds = [values for values, _ in columns], [kind for _, kind in columns]
    return {"columns": _labels(value.columns), "data": data, "kinds": kinds, "index": _labels(value.index)}


def _flatten_sparse(value: Any) -> dict[str, Any]:
    stored = int(value.nnz)
    made = value.tocoo(copy=True)
    made.sum_duplicates()
    order = np.lexsort((made.col, made.row))
    return {
        "shape": tuple(map(int, value.shape)),
        "row": np.asarray(made.row, np.int64)[order],
        "column": np.asarray(made.col, np.int64)[order],
        "values": np.asarray(made.data)[order],
        "format": str(value.format),
        "stored": stored,
        "is_array": not hasattr(value, "getrow"),
    }


_FLATTEN = {"Series": _flatten_series, "DataFrame": _flatten_frame, "sparse matrix": _flatten_sparse}


def _column(series: Any) -> tuple[Any, str]:
    """What a column or an index holds, and which kind of numbers that is; "O" for text and all else."""
    kind = series.dtype.kind
    if kind in "mM":
        return np.asarray(series).astype(f"{kind}8[ns]").view(np.int64), kind
    values = np.asarray(series)
    if values.dtype.kind in "biufc":
        return values, values.dtype.kind
    return [_plain(item) for item in values.tolist()], "O"


def _plain(item: Any) -> Any:
    """An entry that is no number; what is missing is None."""
    if type(item) in (str, int, float, bool, tuple) and item == item:
        return item
    pandas = sys.modules.get("pandas")
    if item is None or (pandas is not None and pandas.isna(item) is True) or item != item:
        return None
    return str(item)


def _labels(index: Any) -> tuple[Any, ...]:
    """The labels of rows or columns, as Python's own values."""
    if index.dtype.kind in "mM":
        return tuple(map(str, index))
    return tuple(_label(item) for item in index.tolist())


def _label(item: Any) -> Any:
    return tuple(map(_plain, item)) if isinstance(item, tuple) else _plain(item)


def _column_of(pandas: Any, values: Any, kind: str) -> Any:
    return values.view(f"{kind}8[ns]") if kind in ("m", "M") else values


def _labels_of(pandas: Any, labels: tuple[Any, ...]) -> Any:
    if labels == tuple(range(len(labels))):
        return pandas.RangeIndex(len(labels))
    return pandas.Index(list(labels))
