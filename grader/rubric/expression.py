"""The rubric's expressions: a small part of Python's, parsed and walked, never eval'ed.

`normal(N, Dx)`, `(Dx, H, Dy)`, `softmax(x + c) == softmax(x)`: numbers, text, names, tuples, lists, arithmetic,
comparisons, indexing, calls by name, `a if b else c`, and the attributes shape, size, ndim and T. Where an expression
speaks of a student's objects, it may also take their attributes and call their methods; only the child ever does that.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import msgspec
import numpy as np

from grader.numeric.bounded import apply_bounded, check_call
from grader.rubric.nodes import Place

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ATTRIBUTES = ("shape", "size", "ndim", "T")

_NUMPY_NAMES = """
abs all any arange argmax argmin argsort array ceil clip concatenate cos cosh cumsum diag dot exp expm1 eye floor full
isfinite linspace log log1p matmul max maximum mean min minimum ones outer prod ravel reshape round sign sin sinh sort
sqrt square stack std sum tan tanh trace transpose tril triu var where zeros
"""
#: What an expression may call besides the rubric's own names.
NUMPY: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in _NUMPY_NAMES.split()} | {
    "norm": np.linalg.norm,
    "det": np.linalg.det,
    "inv": np.linalg.inv,
    "len": len,
    "int": int,
    "float": float,
}
CONSTANTS: dict[str, Any] = {"pi": np.pi, "e": np.e, "inf": np.inf, "True": True, "False": False, "None": None}

MOST_LISTED = 20
#: What holds nothing that isn't allowed.
_LEAVES = frozenset({ast.Constant, ast.Load, ast.And, ast.Or, *_BINARY, *_UNARY, *COMPARISONS})
_VALUES = {ast.Name, ast.Tuple, ast.List, ast.Dict, ast.Subscript, ast.Slice, ast.Attribute}
_OPERATIONS = {ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword}
_ALLOWED = frozenset({*_LEAVES, *_VALUES, *_OPERATIONS})

#: Called for each call and attribute in an expression; gives its value, or NotImplemented for "as usual".
Hook = Callable[[ast.Call | ast.Attribute], Any]


class ExpressionError(Exception):
    """An expression can't be parsed or evaluated; the text says why."""


class Expression(msgspec.Struct, frozen=True):
    """The text of an expression and where it stands. Two expressions are equal when their texts are."""

    text: str
    place: Place
    objects: bool = False  #: whether it may take attributes and call methods of a student's objects
    word: bool = False  #: one word in a dict or list: text, unless it is a name of the rubric's own

    @property
    def tree(self) -> ast.expr:
        """The syntax tree; the same object each time."""
        return parse_expression(self.text, self.objects)

    def names(self) -> frozenset[str]:
        """Every name that stands in the expression, called names too."""
        return _parse(self.text, self.objects).names

    def called(self) -> frozenset[str]:
        """The names of all functions that the expression calls."""
        return _parse(self.text, self.objects).called


class _Parsed(msgspec.Struct, frozen=True):
    tree: ast.expr
    names: frozenset[str]
    called: frozenset[str]


def parse_expression(text: str, objects: bool = False) -> ast.expr:
    """The checked syntax tree of an expression; with `objects` it may hold any public attribute, and call methods.

    Raises:
        ExpressionError: it isn't one, or holds something that isn't allowed.
    """
    return _parse(text, objects).tree


@cache
def _parse(text: str, objects: bool) -> _Parsed:
    """The tree, and the names in it: one walk for both."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "too deep"
        reason += next((advice for sign, advice in _SYNTAX_ADVICE.items() if sign in reason), "")
        reason += f"; if it is text, quote it twice: \"'{text}'\"" if _SENTENCE.fullmatch(text) else ""
        raise ExpressionError(f"{text!r} is no expression: {reason}") from None
    names, called = set(), set()
    todo: list[ast.AST] = [tree.body]
    for node in todo:  # which grows; `ast.walk` is half as quick
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif type(node) not in _LEAVES:
            _check_node(node, text, objects)
            todo += _parts_of(node)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called.add(node.func.id)
    return _Parsed(tree.body, frozenset(names), frozenset(called))


def _parts_of(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes directly below a node."""
    for value in [getattr(node, name) for name in node._fields]:
        if isinstance(value, ast.AST):
            yield value
        elif type(value) is list:
            yield from (each for each in value if each is not None)


def _check_node(node: ast.AST, text: str, objects: bool) -> None:
    if type(node) not in _ALLOWED:
        what = type(node).__name__
        raise ExpressionError(f"{text!r}: {what} isn't allowed in an expression; {_INSTEAD.get(what, _IN_REFERENCE)}")
    callable_ = (ast.Name, ast.Attribute) if objects else (ast.Name,)
    if isinstance(node, ast.Call) and not isinstance(node.func, callable_):
        raise ExpressionError(f"{text!r}: only a name can be called{_suggest_name(node.func)}")
    if isinstance(node, ast.Attribute) and not (objects or node.attr in ATTRIBUTES):
        raise ExpressionError(f"{text!r}: the attribute .{node.attr} isn't allowed; these are: {', '.join(ATTRIBUTES)}")
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise ExpressionError(f"{text!r}: the attribute .{node.attr} isn't public")
    if isinstance(node, ast.Dict) and None in node.keys:
        raise ExpressionError(f"{text!r}: ** isn't allowed in a dict")
    if isinstance(node, ast.keyword) and node.arg is None:
        raise ExpressionError(f"{text!r}: ** isn't allowed in a call")


#: Words beside each other are text, if anything.
_SENTENCE = re.compile(r"\w[\w,.-]*(?: +\w[\w,.!?-]*)+")
#: What Python says of something that is no expression, and what to write.
_SYNTAX_ADVICE = {
    "was never closed": "; what holds a comma stands in quotes as a whole",
    "Maybe you meant '=='": "; a comparison is written ==",
    "invalid syntax": "; an expression is one value, and a comparison is written ==",
}
_IN_REFERENCE = "write a function in the reference, and call it"
#: What to write in place of something that an expression can't hold; of all else a function in the reference.
_INSTEAD = {"BitXor": "a power is written **", "NamedExpr": "draw it in let:"}

#: What numpy's modules call what an expression calls otherwise.
_RENAMED = {
    "randn": "normal",
    "rand": "uniform",
    "random": "uniform",
    "randint": "integers",
    "standard_normal": "normal",
}


def _suggest_name(node: ast.expr) -> str:
    """What to write in place of `np.eye(…)` or `np.random.randn(…)`."""
    if not isinstance(node, ast.Attribute) or ast.unparse(node).split(".")[0] not in ("np", "numpy", "random"):
        return ""
    name = _RENAMED.get(node.attr, node.attr)
    return f"; write {name}(…)" if name in NUMPY or name != node.attr or "random" in ast.unparse(node) else ""


def find_calls(tree: ast.AST, names: frozenset[str]) -> Iterator[ast.Call]:
    """Calls to any of `names` in the tree, inner ones before the outer ones that use them."""
    for child in ast.iter_child_nodes(tree):
        yield from find_calls(child, names)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in names:
        yield tree


_is_quiet = ContextVar("_is_quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence numpy's warnings once for many expressions: done for each, it was a sixth of making a plan."""
    with np.errstate(all="ignore"):
        before = _is_quiet.set(True)
        try:
            yield
        finally:
            _is_quiet.reset(before)


def evaluate(tree: ast.expr, names: Mapping[str, Any], hook: Hook | None = None) -> Any:
    """The value of an expression where `names` have these values.

    Args:
        hook: gets each call first; what it gives is the call's value unless it is NotImplemented.

    Raises:
        ExpressionError: a name is unknown, or an operation fails.
    """
    try:
        if _is_quiet.get():
            return _Walk(names, hook).visit(tree)
        with np.errstate(all="ignore"):
            return _Walk(names, hook).visit(tree)
    except ExpressionError:
        raise
    except Exception as error:
        advice = _ADVICE.get(str(error).partition(" '")[0], "")
        raise ExpressionError(f"{ast.unparse(tree)!r} fails: {type(error).__name__}: {error}{advice}") from error


#: What Python and numpy say, and what to write.
_ADVICE = {
    "Cannot interpret": "; a shape of several sides is a tuple: ones((3, 4))",
    "tuple indices must be integers or slices, not str": "; an object is made in the child: use it in call:",
    "'ObjectArgument' object is not subscriptable": "; an object is made in the child: use it in call:",
    "'Stub' object is not callable": "; a stub is an argument, and runs in the child: call the reference's function",
}


def list_names(names: Iterable[str]) -> str:
    """ "; known here are: N, D" for names that a rubric has made; "" where there are none."""
    own = [name for name in names if name not in NUMPY and name not in CONSTANTS]
    return f"; known here are: {', '.join(own[:MOST_LISTED])}" if own else ""


class _Walk:
    """Like ast.NodeVisitor, which looks its methods up by name each time: that was a third of making a plan."""

    def __init__(self, names: Mapping[str, Any], hook: Hook | None) -> None:
        self.names = names
        self.hook = hook

    def visit(self, node: ast.AST) -> Any:
        return _VISITS[type(node)](self, node)

    def visit_Constant(self, node: ast.Constant) -> Any:
        return node.value

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id in self.names:
            return self.names[node.id]
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in NUMPY:
            return NUMPY[node.id]
        raise ExpressionError(f"the name {node.id!r} is unknown{list_names(self.names)}")

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        return tuple(self.visit(item) for item in node.elts)

    def visit_List(self, node: ast.List) -> Any:
        return [self.visit(item) for item in node.elts]

    def visit_Dict(self, node: ast.Dict) -> Any:
        pairs = zip(node.keys, node.values, strict=True)
        return {self.visit(key): self.visit(value) for key, value in pairs if key is not None}

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        return apply_bounded(_BINARY[type(node.op)], self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        return _UNARY[type(node.op)](self.visit(node.operand))

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        combine = all if isinstance(node.op, ast.And) else any
        return combine(bool(self.visit(value)) for value in node.values)

    def visit_Compare(self, node: ast.Compare) -> Any:
        values = [self.visit(item) for item in (node.left, *node.comparators)]
        pairs = zip(node.ops, values[:-1], values[1:], strict=True)
        results = [apply_bounded(COMPARISONS[type(op)], a, b) for op, a, b in pairs]
        return results[0] if len(results) == 1 else all(bool(np.all(result)) for result in results)

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        return self.visit(node.body if self.visit(node.test) else node.orelse)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        if self.hook is not None and (answer := self.hook(node)) is not NotImplemented:
            return answer
        if node.attr not in ATTRIBUTES:
            raise ExpressionError(f"only a student's own object has .{node.attr} here")
        return getattr(np.asarray(self.visit(node.value)), node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        return self.visit(node.value)[self.visit(node.slice)]

    def visit_Slice(self, node: ast.Slice) -> Any:
        return slice(*(None if part is None else self.visit(part) for part in (node.lower, node.upper, node.step)))

    def visit_Call(self, node: ast.Call) -> Any:
        if self.hook is not None and (answer := self.hook(node)) is not NotImplemented:
            return answer
        function, args = self.visit(node.func), [self.visit(arg) for arg in node.args]
        if isinstance(node.func, ast.Name) and function is NUMPY.get(node.func.id):
            check_call(node.func.id, args)
        return function(*args, **{word.arg or "": self.visit(word.value) for word in node.keywords})


_VISITS: dict[type[ast.AST], Callable[[_Walk, Any], Any]] = {
    getattr(ast, name.removeprefix("visit_")): visit for name, visit in vars(_Walk).items() if name.startswith("visit_")
}
