"""Changes of expressions: operators, signs, axes, functions, transposes, orders, constants, names, factors, calls."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .edits import Ranked, Text

_BASIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub, ast.Mult, ast.Div),
    ast.Sub: (ast.Add, ast.Mult, ast.Div),
    ast.Mult: (ast.Div, ast.MatMult, ast.Add, ast.Sub, ast.Pow),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Add, ast.Sub),
    ast.MatMult: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod, *_BASIC[:3]),
    ast.Pow: (ast.Mult, *_BASIC[:2], ast.Div),
    ast.Mod: (ast.FloorDiv, *_BASIC),
    **dict.fromkeys((ast.LShift, ast.RShift, ast.BitXor), (*_BASIC, ast.Pow, ast.Mod, ast.FloorDiv, ast.MatMult)),
    ast.BitAnd: (ast.BitOr, *_BASIC, ast.Pow, ast.Mod, ast.FloorDiv),
    ast.BitOr: (ast.BitAnd, *_BASIC, ast.Pow, ast.Mod, ast.FloorDiv),
}
_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt, ast.Eq, ast.NotEq),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt, ast.Eq, ast.NotEq),
    ast.Eq: (ast.NotEq, *_ORDERS[:4]),
    ast.NotEq: (ast.Eq, *_ORDERS[:4]),
    ast.Is: (ast.IsNot, *_ORDERS),
    ast.IsNot: (ast.Is, *_ORDERS),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_FAMILIES = (
    ("sum", "mean", "max", "min", "prod", "median"),
    ("mean", "sum"),
    ("max", "sum"),
    ("dot", "multiply", "outer", "matmul"),
    ("exp", "log", "expm1", "log1p"),
    ("log", "log2", "log10", "log1p"),
    ("maximum", "minimum", "fmax", "max"),
    ("max", "maximum", "amax"),
    ("argmax", "argmin"),
    ("std", "var"),
    ("sqrt", "square", "abs"),
    ("floor", "ceil", "round"),
    ("sin", "cos", "tan"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("hstack", "vstack"),
    ("argsort", "sort"),
    ("any", "all"),
    ("cumsum", "sum"),
    ("var", "std"),
    ("ravel", "flatten"),
    ("append", "extend"),
)
_REDUCTIONS = frozenset(
    {
        *("sum", "mean", "max", "min", "prod", "median", "std", "var"),
        *("argmax", "argmin", "amax", "amin", "any", "all", "cumsum", "norm"),
    }
)
_AXES = (0, 1, -1)
#: Steps, tolerances, and what keeps a logarithm finite.
_SMALL = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-12)
_CALLS = ("np.exp", "np.log", "np.abs", "np.sqrt", "np.square", "np.mean", "np.sum", "np.atleast_2d")
_LOOSE = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Lambda)

OPERATOR, COMPARISON, SIGN = "the operator", "the comparison", "the sign"
AXIS, KEEPDIMS, FUNCTION = "the axis", "keepdims", "which function is called"
TRANSPOSE, ORDER, CONSTANT = "a transpose", "the order", "a constant"
CALL, PLACE = "a call that is missing", "what stands at this place"
NAME, DROPPED, MISSING = "which variable is used", "a part too many", "a part that is missing"


class _Places:
    """The expressions of a function, each with what it stands in."""

    def __init__(self, function: ast.FunctionDef, text: Text) -> None:
        self.text = text
        self.function = function
        self.parents: dict[ast.AST, ast.AST] = {}
        self.nodes: list[ast.AST] = []
        for statement in function.body:
            self._enter(statement, function)
        names = {n.id for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.parameters = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        self.made = sorted(names - set(self.parameters))
        self.names = [*self.parameters, *self.made]

    def _enter(self, node: ast.AST, parent: ast.AST) -> None:
        self.parents[node] = parent
        if isinstance(node, ast.JoinedStr):
            return
        self.nodes.append(node)
        for child in ast.iter_child_nodes(node):
            self._enter(child, node)

    def change(self, node: ast.expr, new: ast.expr | str, words: str, rank: int, size: int = 1) -> Ranked:
        """A node in another wording, in brackets where it may need them."""
        said = new if isinstance(new, str) else ast.unparse(new)
        simple = said.replace(".", "").replace("_", "").isalnum()
        if isinstance(new, (str, *_LOOSE)) and not simple and self._is_within(node) and not self._has_brackets(node):
            said = f"({said})"
        return (size, rank), self.text.replaced(node, said, words)

    def _has_brackets(self, node: ast.AST) -> bool:
        start, end = self.text.span(node)
        is_call = isinstance(self.parents.get(node), ast.Call)
        return not is_call and self.text.source[start - 1 : start] == "(" and self.text.source[end : end + 1] == ")"

    def _is_within(self, node: ast.AST) -> bool:
        """Whether it stands in an expression that may bind closer."""
        parent = self.parents.get(node)
        if isinstance(parent, ast.Call):
            return parent.func is node
        return isinstance(parent, ast.BinOp | ast.UnaryOp | ast.Attribute | ast.Compare | ast.BoolOp | ast.Starred) or (
            isinstance(parent, ast.Subscript) and parent.value is node
        )

    def is_read(self, node: ast.AST) -> bool:
        """Whether an expression is read: no target of an assignment, and no name of a function that is called."""
        return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


Finder = Callable[[_Places, Any], Iterator[Ranked]]


def changed_expressions(function: ast.FunctionDef, text: Text, helpers: Sequence[str]) -> Iterator[Ranked]:
    """Every change of one expression. The order of finders is how likely their sort of mistake is."""
    places = _Places(function, text)
    for node in places.nodes:
        if isinstance(node, ast.expr) and places.is_read(node):
            for find in _FINDERS.get(type(node), ()):
                yield from find(places, node)
            yield from _wrapped(places, node, helpers)
        elif isinstance(node, ast.AugAssign):
            yield from _augmented(places, node)


def _with(node: ast.expr, **fields: Any) -> ast.expr:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _operators(places: _Places, node: ast.BinOp) -> Iterator[Ranked]:
    for other in _OPERATORS.get(type(node.op), ()):
        yield places.change(node, _with(node, op=other()), OPERATOR, 1)


def _augmented(places: _Places, node: ast.AugAssign) -> Iterator[Ranked]:
    target, value = places.text.of(node.target), places.text.of(node.value)
    signs = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}
    own = signs.get(type(node.op))
    for sign in ("=", *signs.values()) if own else ():
        if sign != own:
            yield (1, 1), places.text.replaced(node, f"{target} {sign} {value}", OPERATOR)
    if own:
        yield (1, 12), places.text.replaced(node, f"{target} = {target} {own[0]} ({value})", "a change in place")


def _reduced(places: _Places, node: ast.Compare) -> Iterator[Ranked]:
    """One answer for an array of them."""
    if isinstance(places.parents[node], ast.Return | ast.Assign):
        for call in ("np.all", "np.any"):
            yield (2, 12), places.text.replaced(node, f"{call}({places.text.of(node)})", CALL)


def _comparisons(places: _Places, node: ast.Compare) -> Iterator[Ranked]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARISONS.get(type(operator), ()):
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield places.change(node, _with(node, ops=ops), COMPARISON, 1)


def _booleans(places: _Places, node: ast.BoolOp) -> Iterator[Ranked]:
    other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    yield places.change(node, _with(node, op=other), COMPARISON, 1)


def _signs(places: _Places, node: ast.UnaryOp) -> Iterator[Ranked]:
    yield places.change(node, node.operand, SIGN, 2)
    if not isinstance(node.op, ast.USub):
        yield places.change(node, ast.UnaryOp(ast.USub(), node.operand), SIGN, 2)


def _negated(places: _Places, node: ast.expr) -> Iterator[Ranked]:
    if not isinstance(node, ast.Constant | ast.UnaryOp):
        yield places.change(node, ast.UnaryOp(ast.USub(), node), SIGN, 3)


def _keyword(node: ast.Call, name: str) -> ast.keyword | None:
    return next((each for each in node.keywords if each.arg == name), None)


def _without_keyword(node: ast.Call, name: str) -> list[ast.keyword]:
    return [each for each in node.keywords if each.arg != name]


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _axes(places: _Places, node: ast.Call) -> Iterator[Ranked]:
    axis, name = _keyword(node, "axis"), _called(node)
    if axis is None and name not in _REDUCTIONS:
        return
    for value in _AXES:
        new = ast.keyword("axis", ast.Constant(value))
        others = [*_without_keyword(node, "axis"), new] if axis is None else _swap(node, axis, new)
        yield places.change(node, _with(node, keywords=others), AXIS, 4)
        if name in _REDUCTIONS and _keyword(node, "keepdims") is None:
            kept = [*others, ast.keyword("keepdims", ast.Constant(True))]
            yield places.change(node, _with(node, keywords=kept), AXIS, 5, 2)
    if axis is not None:
        yield places.change(node, _with(node, keywords=_without_keyword(node, "axis")), AXIS, 4)
    yield from _kept_dimensions(places, node, axis is not None)


def _swap(node: ast.Call, old: ast.keyword, new: ast.keyword) -> list[ast.keyword]:
    return [new if each is old else each for each in node.keywords]


def _kept_dimensions(places: _Places, node: ast.Call, has_axis: bool) -> Iterator[Ranked]:
    if _keyword(node, "keepdims") is not None:
        yield places.change(node, _with(node, keywords=_without_keyword(node, "keepdims")), KEEPDIMS, 4)
    elif has_axis and _called(node) in _REDUCTIONS:
        kept = [*node.keywords, ast.keyword("keepdims", ast.Constant(True))]
        yield places.change(node, _with(node, keywords=kept), KEEPDIMS, 4)


def _functions(places: _Places, node: ast.Call) -> Iterator[Ranked]:
    name = _called(node)
    others = dict.fromkeys(other for family in _FAMILIES if family[0] == name or name in family for other in family)
    for other in others:
        if other != name:
            attribute = isinstance(node.func, ast.Attribute)
            func = _with(node.func, attr=other) if attribute else ast.Name(other, ast.Load())
            yield places.change(node, _with(node, func=func), FUNCTION, 6)


def _means(places: _Places, node: ast.Call) -> Iterator[Ranked]:
    """The mean over examples of sums, for a mean or a sum over all entries."""
    if _called(node) not in ("mean", "sum", "average") or len(node.args) != 1 or node.keywords:
        return
    said = places.text.of(node.args[0])
    yield (2, 6), places.text.replaced(node, f"np.mean(np.sum({said}, axis=-1))", FUNCTION)
    for name in places.parameters[:4]:
        for count in (f"{name}.shape[0]", f"np.atleast_2d({name}).shape[0]"):
            yield (3, 6), places.text.replaced(node, f"(np.sum({said}) / {count})", FUNCTION)


def _transposed(places: _Places, node: ast.expr) -> Iterator[Ranked]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield places.change(node, node.value, TRANSPOSE, 7)
        return
    parent = places.parents[node]
    multiplies = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult)
    dotted = isinstance(parent, ast.Call) and _called(parent) in ("dot", "matmul", "outer", "multiply")
    owner = isinstance(parent, ast.Attribute) and parent.attr in ("dot", "reshape", "ravel", "flatten")
    is_there = multiplies or dotted or owner or isinstance(parent, ast.Return)
    is_plain = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript) and not _is_module(node)
    if is_there and is_plain:
        yield places.change(node, f"{places.text.of(node)}.T", TRANSPOSE, 7)


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math", "scipy")


def _swapped_operands(places: _Places, node: ast.BinOp) -> Iterator[Ranked]:
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow | ast.FloorDiv):
        yield places.change(node, _with(node, left=node.right, right=node.left), ORDER, 8)


def _swapped_arguments(places: _Places, node: ast.Call) -> Iterator[Ranked]:
    count = len(node.args)
    for first in range(count):
        for second in range(first + 1, count):
            args = list(node.args)
            args[first], args[second] = args[second], args[first]
            yield places.change(node, _with(node, args=args), ORDER, 8)
    if (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == "dot"
        and count == 1
        and not _is_module(node.func.value)
    ):
        func = _with(node.func, value=node.args[0])
        yield places.change(node, _with(node, func=func, args=[node.func.value]), ORDER, 8)


def _swapped_elements(places: _Places, node: ast.Tuple | ast.List) -> Iterator[Ranked]:
    for first in range(len(node.elts)):
        for second in range(first + 1, len(node.elts)):
            elements = list(node.elts)
            elements[first], elements[second] = elements[second], elements[first]
            starts = (places.text.span(node)[0], places.text.span(node.elts[0])[0]) if node.elts else (0, 0)
            said = ast.unparse(_with(node, elts=elements))
            if isinstance(node, ast.Tuple) and starts[0] == starts[1]:
                said = said[1:-1]
            yield (1, 9), places.text.replaced(node, said, ORDER)


def _fewer_elements(places: _Places, node: ast.Tuple) -> Iterator[Ranked]:
    """One result, or entry, too many."""
    for place in range(len(node.elts)):
        kept = [*node.elts[:place], *node.elts[place + 1 :]]
        if kept:
            said = ", ".join(places.text.of(each) for each in kept)
            brackets = len(kept) > 1 and places.text.source[places.text.span(node)[0]] == "("
            yield (1, 11), places.text.replaced(node, f"({said})" if brackets else said, DROPPED)


def _as_beside(places: _Places, node: ast.Call | ast.Tuple | ast.List) -> Iterator[Ranked]:
    """An entry made as one of those beside it is, of another variable."""
    elements = node.args if isinstance(node, ast.Call) else node.elts
    for element in elements:
        for other in elements:
            if other is element or isinstance(other, ast.Name | ast.Constant | ast.Starred):
                continue
            inner = [each for each in ast.walk(other) if isinstance(each, ast.Name) and each.id in places.names]
            for name in inner[:3]:
                for new in places.made[:12]:
                    start, _ = places.text.span(other)
                    first, last = places.text.span(name)
                    said = places.text.of(other)
                    said = said[: first - start] + new + said[last - start :]
                    yield (2, 9), places.text.replaced(element, said, PLACE)


def _constants(places: _Places, node: ast.Constant) -> Iterator[Ranked]:
    value = node.value
    if isinstance(value, bool):
        yield places.change(node, str(not value), CONSTANT, 3)
    elif isinstance(value, int | float):
        others = [value + 1, value - 1, 0, 1, 2, 0.5, -1, 2 * value, value / 2, -value, 1 - value]
        others += [value * 10, value / 10] if isinstance(value, float) else []
        others += _SMALL if isinstance(value, float) and 0 < abs(value) < 1 else []
        for other in dict.fromkeys(others):
            if other != value and not (isinstance(other, float) and other != other):
                yield places.change(node, repr(other), CONSTANT, 9)


def _other_names(places: _Places, node: ast.Name) -> Iterator[Ranked]:
    parent = places.parents[node]
    if _is_module(node) or (isinstance(parent, ast.Call) and parent.func is node) or node.id not in places.names:
        return
    for other in places.names:
        if other != node.id:
            yield (1, 10), places.text.replaced(node, other, NAME)


def _dropped_operands(places: _Places, node: ast.BinOp) -> Iterator[Ranked]:
    yield places.change(node, node.left, DROPPED, 11)
    yield places.change(node, node.right, DROPPED, 11)


def _dropped_calls(places: _Places, node: ast.Call) -> Iterator[Ranked]:
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield places.change(node, node.args[0], DROPPED, 11)
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield places.change(node, node.func.value, DROPPED, 11)
    for keyword in node.keywords:
        kept = [each for each in node.keywords if each is not keyword]
        yield places.change(node, _with(node, keywords=kept), DROPPED, 11)


def _indices(places: _Places, node: ast.Subscript) -> Iterator[Ranked]:
    said = places.text.of(node.slice)
    if isinstance(node.slice, ast.Slice):
        for side in ("lower", "upper"):
            bound = getattr(node.slice, side)
            for new in (_shifted(bound, 1), _shifted(bound, -1), None):
                if bound is not None or new is not None:
                    changed = _with(node, slice=_with(node.slice, **{side: new}))
                    yield places.change(node, changed, "the range", 9)
    elif not isinstance(node.slice, ast.Constant | ast.Tuple):
        value = places.text.of(node.value)
        for sign in ("+ 1", "- 1"):
            yield places.change(node, f"{value}[{said} {sign}]", "the range", 9)
    yield places.change(node, node.value, DROPPED, 11)


def _shifted(bound: ast.expr | None, by: int) -> ast.expr | None:
    if bound is None:
        return ast.Constant(by)
    sign = ast.Add() if by > 0 else ast.Sub()
    return ast.BinOp(bound, sign, ast.Constant(1))


def _ranges(places: _Places, node: ast.Call) -> Iterator[Ranked]:
    if _called(node) not in ("range", "arange", "linspace"):
        return
    for place, argument in enumerate(node.args):
        for by in (1, -1):
            args = [*node.args[:place], _shifted(argument, by), *node.args[place + 1 :]]
            yield places.change(node, _with(node, args=args), "the range", 9)
    if len(node.args) == 1:
        yield places.change(node, _with(node, args=[ast.Constant(1), node.args[0]]), "the range", 9)


def _branches(places: _Places, node: ast.IfExp) -> Iterator[Ranked]:
    yield places.change(node, _with(node, body=node.orelse, orelse=node.body), "the condition", 9)
    yield places.change(node, places.text.of(node.body), "the condition", 9)
    yield places.change(node, places.text.of(node.orelse), "the condition", 9)


def _wrapped(places: _Places, node: ast.expr, helpers: Sequence[str]) -> Iterator[Ranked]:
    """A factor, a term or a call more, of what is in scope: of whole results, and of factors and arguments."""
    if not isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript | ast.Attribute | ast.UnaryOp):
        return
    parent = places.parents[node]
    if _is_module(node) or (isinstance(parent, ast.Call) and parent.func is node):
        return
    whole = isinstance(parent, ast.Return | ast.Assign | ast.AugAssign | ast.Tuple | ast.List | ast.keyword | ast.Call)
    if not whole and not isinstance(parent, ast.BinOp):
        return
    said = places.text.of(node)
    body = f"({said})" if isinstance(node, ast.BinOp | ast.UnaryOp) else said
    rank = 13 if whole else 15
    yield from _negated(places, node)
    counts = [f"{name}.shape[0]" for name in places.parameters[:4]] + [f"len({name})" for name in places.parameters[:1]]
    for name in (*places.names, *counts, "2"):
        if name != said:
            yield places.change(node, f"{body} / {name}", MISSING, rank, 2)
            yield places.change(node, f"{body} * {name}", MISSING, rank, 2)
    for name in places.names:
        if name != said:
            yield places.change(node, f"{body} + {name}", MISSING, rank + 1, 2)
            yield places.change(node, f"{body} - {name}", MISSING, rank + 1, 2)
    for name in places.names:
        if name != said:
            yield places.change(node, f"{body} * {name} * (1 - {name})", MISSING, rank + 2, 3)
    yield places.change(node, f"1 - {body}", MISSING, rank, 2)
    if isinstance(node, ast.Call):
        yield places.change(node, f"{body} / (1 + {body})", MISSING, rank + 1, 3)
    for call in (*helpers[:12], *_CALLS):
        yield (2, rank), places.text.replaced(node, f"{call}({said})", CALL)
    for tail in (".T", ".copy()", ".ravel()", "[:, None]", ".mean()", ".sum()"):
        yield (2, rank + 1), places.text.replaced(node, f"{body}{tail}", CALL)


_FINDERS: dict[type, tuple[Finder, ...]] = {
    ast.BinOp: (_operators, _swapped_operands, _dropped_operands, _transposed),
    ast.Compare: (_comparisons, _reduced),
    ast.BoolOp: (_booleans,),
    ast.UnaryOp: (_signs,),
    ast.Call: (_axes, _functions, _ranges, _swapped_arguments, _dropped_calls, _transposed, _means, _as_beside),
    ast.Attribute: (_transposed,),
    ast.Subscript: (_indices, _transposed),
    ast.Name: (_transposed, _other_names),
    ast.Constant: (_constants,),
    ast.Tuple: (_swapped_elements, _fewer_elements, _as_beside),
    ast.List: (_swapped_elements, _as_beside),
    ast.IfExp: (_branches,),
}
