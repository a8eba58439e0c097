"""Expressions in which a student's functions are called, as steps for a child.

In `conv_backward(dout, conv_forward(x, w, b)[1])` each call is a step. What one call hands to another is a reference to
the earlier step's slot, so it stays in the child and may be anything: a cache, an object of the student's own class.
All else is computed here and sent as a value. An argument that stands in several places is one object for all of them,
so that what one call does to it, the next one sees.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

from grader.errors import RubricError
from grader.inputs.objects import ObjectArgument, SeededGenerator, seeded_generator
from grader.rubric.expression import NUMPY, Expression, ExpressionError, evaluate
from grader.rubric.model import CallLine, RequiredFunction, Signature
from grader.worker.shared.steps import Call, Inspect, Ref, Step, StoreValue, Stub, StudentFunction

#: Sets globals of the module that a function stands in: for functions that read a name of their notebook.
BIND = Stub(
    """
def bind(function, /, **names):
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    getattr(function, "__globals__", {}).update(names)
""",
    "bind",
    {},
)

#: Puts the generators that a module draws from unasked into a known state: Python's and numpy's.
SEED = Stub(
    """
import random
def seed(number):
    random.seed(number)
    np.random.seed(number)
""",
    "seed",
    {},
)

#: Computes with values of theirs where they are: their own operators, entries, attributes, and numpy's functions.
OPERATE = Stub(
    """
SIGNS = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "**": lambda a, b: a ** b, "@": lambda a, b: a @ b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "negative": lambda a: -a, "positive": lambda a: +a, "not": lambda a: not a,
    "entry": lambda a, key: a[key], "attribute": getattr, "set attribute": setattr, "slice": slice,
    "set entry": lambda a, key, value: a.__setitem__(key, value),
    "norm": np.linalg.norm, "det": np.linalg.det, "inv": np.linalg.inv, "len": len, "int": int, "float": float,
}
def operate(how, /, *values, **words):
    return (SIGNS[how] if how in SIGNS else getattr(np, how))(*values, **words)
""",
    "operate",
    {},
)


class Script:
    """Steps being written for one function under check.

    Args:
        function: its signatures decide how it is called.
        names: what every other name in an expression means.
        theirs: the names of functions and classes that are the student's.
        first: the position of the first step in its message.
        refs: names whose values lie in earlier slots of the message already.
        signature: which of the function's signatures to call it by; None for the first.
    """

    def __init__(
        self,
        function: RequiredFunction,
        names: Mapping[str, Any],
        theirs: frozenset[str],
        first: int = 0,
        refs: Mapping[str, Ref] | None = None,
        signature: Signature | None = None,
    ) -> None:
        self.steps: list[Step] = []
        self.places: dict[int, int] = {}  #: id of a call or attribute in an expression -> the step that answers it
        self._function = function
        self._names = names
        self._theirs = theirs
        self._first = first
        self._refs = dict(refs or {})  #: names whose objects lie in slots, for arguments
        self._shared = frozenset(self._refs)  #: arguments that several lines get as one object
        self._locals: dict[str, Ref] = {}  #: names that lines of the call have given to results
        self._signature = signature
        self._operate: Ref | None = None

    def call(self, lines: Sequence[CallLine], pick: int | None = None) -> tuple[Step, ...]:
        """The steps of a call in these lines, its result in the last one.

        Args:
            pick: of a last line that gives several results, the only one that is asked for.
        """
        self._shared |= self._find_shared(lines)
        self._seed()
        for line in lines[:-1]:
            self._line(line)
        last = lines[-1].expression
        with _located(last):
            tree = last.tree
            chosen = tree if pick is None or not isinstance(tree, ast.Tuple) else tree.elts[pick]
            ref = self._object(chosen)
            if ref != Ref(self._next - 1):
                self._add(Inspect(ref))
        self._report_result(self._next - 1)
        return tuple(self.steps)

    def law(self, expression: Expression) -> tuple[Step, ...]:
        """The steps of all of the student's calls in an expression that is evaluated here afterwards: see `places`."""
        with _located(expression):
            self._answer(expression.tree)
        return tuple(self.steps)

    def is_student_value(self, node: ast.expr) -> bool:
        """Whether a node's value comes from the student's code, and nothing else happens to it."""
        if isinstance(node, ast.Call):
            return self._is_their_function(node.func)
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            return self.is_student_value(node.value)
        return isinstance(node, ast.Name) and (node.id in self._locals or node.id in self._shared)

    def _seed(self) -> None:
        """Where the rubric says so, the same random numbers each time."""
        if self._function.seed is not None:
            with _located(self._function.seed):
                number = int(evaluate(self._function.seed.tree, self._names))
            self._add(Call(self._add(StoreValue(SEED)), (number,), quiet=True))

    # -- lines -------------------------------------------------------------------------------------------------

    def _find_shared(self, lines: Sequence[CallLine]) -> frozenset[str]:
        """The arguments that can be changed and stand in several places, which all get the same object."""
        said = Counter[str]()
        for line in lines:
            for tree in line.trees:
                said.update(_names_said(tree))
        return frozenset(
            name
            for name, count in said.items()
            if count > 1 and name not in self._theirs and can_change(self._names.get(name))
        )

    def _line(self, line: CallLine) -> None:
        """One line: its value may get a name, or become an entry or an attribute of an object of theirs."""
        with _located(line.expression):
            ref = self._object(line.expression.tree)
            if line.name:
                self._locals[line.name] = ref
            if line.target is not None:
                self._assign(line.target.tree, ref)

    def _assign(self, target: ast.expr, ref: Ref) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for number, each in enumerate(target.elts):
                self._assign(each, _ref_to_part(ref, number))
        elif isinstance(target, ast.Name):
            self._locals[target.id] = ref
        elif isinstance(target, ast.Attribute):
            self._do("set attribute", self._argument(target.value), target.attr, ref)
        elif isinstance(target, ast.Subscript):
            self._do("set entry", self._argument(target.value), self._argument(target.slice), ref)

    # -- expressions -------------------------------------------------------------------------------------------

    def _answer(self, node: ast.AST) -> None:
        """Write the steps of every outermost value of theirs below a node."""
        if isinstance(node, (ast.Call, ast.Attribute)) and self.is_student_value(node):
            self._seed()
            ref = self._ref(node)
            if isinstance(node, ast.Attribute):
                self._add(Inspect(ref))
            self.places[id(node)] = self._next - 1
            self._report_result(self._next - 1)
            return
        for child in ast.iter_child_nodes(node):
            self._answer(child)

    def _is_their_function(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._theirs or node.id in self._locals
        return isinstance(node, ast.Attribute) and self.is_student_value(node.value)

    def _object(self, node: ast.expr) -> Ref:
        """Where a value lies, theirs or ours, once the steps written so far have run."""
        value = self._argument(node)
        return value if isinstance(value, Ref) else self._add(StoreValue(value))

    def _ref(self, node: ast.expr) -> Ref:
        """Where a value of theirs lies, once the steps written so far have run."""
        if isinstance(node, ast.Call):
            return self._call_step(node)
        if isinstance(node, ast.Attribute):
            return _ref_to_part(self._ref(node.value), f".{node.attr}")
        if isinstance(node, ast.Subscript):
            return self._entry(self._ref(node.value), node.slice)
        assert isinstance(node, ast.Name)
        return self._locals[node.id] if node.id in self._locals else self._shared_argument(node.id)

    def _entry(self, ref: Ref, node: ast.expr) -> Ref:
        key = self._argument(node)
        key = int(key) if isinstance(key, np.integer) else key
        return _ref_to_part(ref, key) if type(key) in (int, str) else self._do("entry", ref, key)

    def _shared_argument(self, name: str) -> Ref:
        """The one object that all lines get."""
        if name not in self._refs:
            self._refs[name] = self._add(StoreValue(self._names[name]))
        return self._refs[name]

    def _call_step(self, node: ast.Call) -> Ref:
        args = [self._argument(arg) for arg in node.args]
        kwargs = {word.arg or "": self._argument(word.value) for word in node.keywords}
        function: str | Ref
        if isinstance(node.func, ast.Attribute):
            function = _ref_to_part(self._ref(node.func.value), f".{node.func.attr}")
        else:
            assert isinstance(node.func, ast.Name)
            function = self._locals.get(node.func.id, node.func.id)
        if function == self._function.root:
            args = self._by_signature(args)
        return self._add(Call(function, tuple(args), kwargs, quiet=True))

    def _by_signature(self, args: list[Any]) -> list[Any]:
        """The arguments as this submission's signature takes them; the others become globals of its module."""
        signatures = self._function.signatures
        if not signatures or len(args) != len(signatures[0].passed):
            return args
        values = dict(zip(signatures[0].passed, args, strict=True))
        # All arguments, and the globals' step, whichever signature it is: then all signatures have the same steps.
        rest = (name for name in self._function.arguments if name not in values)
        values |= {name: self._name_step(ast.Name(name, ast.Load())) for name in rest}
        own = self._signature or signatures[0]
        if any(signature.globals for signature in signatures):
            bound = {name: values[name] for name in own.globals}
            self._add(Call(self._add(StoreValue(BIND)), (StudentFunction(self._function.root),), bound, quiet=True))
        return [values[name] for name in own.passed]

    def _argument(self, node: ast.expr) -> Any:
        """A value for a step: as it is, or a reference to where it lies."""
        if self.is_student_value(node):
            return self._ref(node)
        if isinstance(node, ast.Name):
            return self._name_step(node)
        if not self._has_theirs(node) and not _is_slicing(node):
            return self._as_argument(evaluate(node, self._names))
        if isinstance(node, ast.Tuple):
            return tuple(self._argument(item) for item in node.elts)
        if isinstance(node, ast.List):
            return [self._argument(item) for item in node.elts]
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return {evaluate(key, self._names): self._argument(value) for key, value in pairs if key is not None}
        return self._compute(node)

    def _has_theirs(self, node: ast.expr) -> bool:
        return any(
            isinstance(inner, ast.expr)
            and (self.is_student_value(inner) or (isinstance(inner, ast.Name) and inner.id in self._theirs))
            for inner in ast.walk(node)
        )

    def _compute(self, node: ast.expr) -> Any:
        """What an expression makes of values of theirs: the child computes it, with their own operators."""
        operator, operands = _operation(node)
        if operator is not None:
            return self._do(operator, *map(self._argument, operands))
        if isinstance(node, ast.Slice):
            bounds = (node.lower, node.upper, node.step)
            return self._do("slice", *(None if each is None else self._argument(each) for each in bounds))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NUMPY:
            words = {word.arg or "": self._argument(word.value) for word in node.keywords}
            return self._do(node.func.id, *map(self._argument, node.args), **words)
        if not any(isinstance(n, ast.expr) and self._is_result(n) for n in ast.walk(node)):
            return self._as_argument(evaluate(node, self._names))  # the reference's function, on arguments as drawn
        raise ExpressionError(
            f"{ast.unparse(node)!r}: the reference's own functions can't compute with a student's result here"
        )

    def _is_result(self, node: ast.expr) -> bool:
        return self.is_student_value(node) and not (isinstance(node, ast.Name) and node.id not in self._locals)

    def _do(self, how: str, *values: Any, **words: Any) -> Ref:
        """Have the child compute with values of theirs."""
        if self._operate is None:
            self._operate = self._add(StoreValue(OPERATE))
        return self._add(Call(self._operate, (how, *values), words, quiet=True))

    def _name_step(self, node: ast.Name) -> Any:
        if node.id in self._refs:
            return self._refs[node.id]
        if node.id in self._theirs:
            return StudentFunction(node.id)
        value = self._as_argument(evaluate(node, self._names))
        if isinstance(value, Ref):  # the same object wherever its name stands
            self._refs[node.id] = value
        return value

    def _as_argument(self, value: Any) -> Any:
        """A value as an argument: an object that the child has to make becomes a reference to it."""
        if isinstance(value, SeededGenerator):
            value = seeded_generator(value.seed)
        if isinstance(value, ObjectArgument):
            return self._add(Call(self._add(StoreValue(value.stub)), quiet=True))
        if callable(value) and not isinstance(value, type):
            name = getattr(value, "__name__", "f")
            raise ExpressionError(f"the reference's own {name} can't be passed to a student: pass stub({name}, …)")
        return value

    # -- steps -------------------------------------------------------------------------------------------------

    @property
    def _next(self) -> int:
        return self._first + len(self.steps)

    def _add(self, step: Step) -> Ref:
        self.steps.append(step)
        return Ref(self._next - 1)

    def _report_result(self, position: int) -> None:
        """Have the child say what a call gave."""
        step = self.steps[position - self._first]
        if isinstance(step, Call):
            self.steps[position - self._first] = step._replace(quiet=False)


@contextmanager
def _located(expression: Expression) -> Iterator[None]:
    """What is wrong with an expression is a flaw of the rubric, at its place."""
    try:
        yield
    except ExpressionError as error:
        raise RubricError([expression.place.flaw(f"{expression.text!r}: {error}")]) from None


@lru_cache(maxsize=4096)
def _names_said(tree: ast.AST) -> Counter[str]:
    """How often an expression says each name: the same for every draw of its check."""
    return Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def can_change(value: Any) -> bool:
    """Whether a call may change what it is given: an array, a list or a dict, or a tuple that holds one."""
    return isinstance(value, (np.ndarray, list, dict)) or (type(value) is tuple and any(map(can_change, value)))


_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.USub: "negative",
    ast.UAdd: "positive",
    ast.Not: "not",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def _operation(node: ast.expr) -> tuple[str | None, tuple[ast.expr, ...]]:
    """An operator, a comparison, an entry or an attribute by its word for OPERATE, and what it works on."""
    if isinstance(node, ast.BinOp):
        return _SIGNS[type(node.op)], (node.left, node.right)
    if isinstance(node, ast.UnaryOp):
        return _SIGNS[type(node.op)], (node.operand,)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _SIGNS[type(node.ops[0])], (node.left, node.comparators[0])
    if isinstance(node, ast.Subscript):
        return "entry", (node.value, node.slice)
    if isinstance(node, ast.Attribute):
        return "attribute", (node.value, ast.Constant(node.attr))
    return None, ()


def _is_slicing(node: ast.expr) -> bool:
    """Whether it stands for a slice, which is no value that could be sent."""
    return any(isinstance(each, ast.Slice) for each in (node.elts if isinstance(node, ast.Tuple) else [node]))


def _ref_to_part(ref: Ref, part: int | str) -> Ref:
    return Ref(ref.step, (*ref.path, part))


def roots(names: Sequence[str]) -> frozenset[str]:
    """The names at module level behind functions and methods: "KMeans" for "KMeans.fit"."""
    return frozenset(name.partition(".")[0] for name in names)
