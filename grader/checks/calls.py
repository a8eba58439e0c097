"""Expressions in which a student's functions are called, as steps for a child.

In `conv_backward(dout, conv_forward(x, w, b)[1])` each call is a step. What one call hands to another is a reference to
the earlier step's slot, so it stays in the child and may be anything: a cache, an object of the student's own class.
All else is computed here and sent as a value.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from grader.errors import RubricError
from grader.inputs.objects import ObjectArgument, SeededGenerator, seeded_generator
from grader.rubric.expression import Expression, ExpressionError, evaluate
from grader.rubric.model import RequiredFunction, Signature
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
        self._locals: dict[str, Ref] = {}  #: names that lines of the call have given to results
        self._signature = signature

    def call(self) -> tuple[Step, ...]:
        """The steps of the function's own call, its result in the last one."""
        ref = Ref(0)
        for line in self._function.lines:
            tree = line.expression.tree
            ref = self._put(line.expression, tree) if isinstance(tree, ast.Tuple) else self._of(line.expression, tree)
            if line.name:
                self._locals[line.name] = ref
        if ref != Ref(self._next - 1):
            self._add(Inspect(ref))
        self._report_result(self._next - 1)
        return tuple(self.steps)

    def law(self, expression: Expression) -> tuple[Step, ...]:
        """The steps of all of the student's calls in an expression that is evaluated here afterwards: see `places`."""
        self._answer(expression, expression.tree)
        return tuple(self.steps)

    def is_student_value(self, node: ast.expr) -> bool:
        """Whether a node's value comes from the student's code, and nothing else happens to it."""
        if isinstance(node, ast.Call):
            return self._is_their_function(node.func)
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            return self.is_student_value(node.value)
        return isinstance(node, ast.Name) and node.id in self._locals

    # -- expressions -------------------------------------------------------------------------------------------

    def _of(self, expression: Expression, node: ast.expr) -> Ref:
        try:
            return self._ref(node)
        except ExpressionError as error:
            raise RubricError([expression.place.flaw(f"{expression.text!r}: {error}")]) from None

    def _put(self, expression: Expression, node: ast.Tuple) -> Ref:
        """Several values of theirs as one result."""
        try:
            return self._add(StoreValue(tuple(self._argument(item) for item in node.elts)))
        except ExpressionError as error:
            raise RubricError([expression.place.flaw(f"{expression.text!r}: {error}")]) from None

    def _answer(self, expression: Expression, node: ast.AST) -> None:
        """Write the steps of every outermost value of theirs below a node."""
        if isinstance(node, (ast.Call, ast.Attribute)) and self.is_student_value(node):
            ref = self._of(expression, node)
            if isinstance(node, ast.Attribute):
                self._add(Inspect(ref))
            self.places[id(node)] = self._next - 1
            self._report_result(self._next - 1)
            return
        for child in ast.iter_child_nodes(node):
            self._answer(expression, child)

    def _is_their_function(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._theirs or node.id in self._locals
        return isinstance(node, ast.Attribute) and self.is_student_value(node.value)

    def _ref(self, node: ast.expr) -> Ref:
        """Where a value of theirs lies, once the steps written so far have run."""
        if isinstance(node, ast.Call) and self.is_student_value(node):
            return self._call_step(node)
        if isinstance(node, ast.Attribute) and self.is_student_value(node.value):
            return _ref_to_part(self._ref(node.value), f".{node.attr}")
        if isinstance(node, ast.Subscript) and self.is_student_value(node.value):
            return _ref_to_part(self._ref(node.value), evaluate(node.slice, self._names))
        if isinstance(node, ast.Name) and node.id in self._locals:
            return self._locals[node.id]
        raise ExpressionError(f"{ast.unparse(node)!r} is no call of the student's functions, or part of one's result")

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
        if self.is_student_value(node):
            return self._ref(node)
        if isinstance(node, ast.Name):
            return self._name_step(node)
        if isinstance(node, ast.Tuple):
            return tuple(self._argument(item) for item in node.elts)
        if any(isinstance(inner, ast.expr) and self.is_student_value(inner) for inner in ast.walk(node)):
            raise ExpressionError(
                f"{ast.unparse(node)!r}: an argument can be (a part of) a student's result, but can't compute with it"
            )
        return self._as_argument(evaluate(node, self._names))

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


def _ref_to_part(ref: Ref, part: Any) -> Ref:
    if not isinstance(part, (int, str)):
        raise ExpressionError(f"a part of a student's result has a number or a name, not {part!r}")
    return Ref(ref.step, (*ref.path, part))


def roots(names: Sequence[str]) -> frozenset[str]:
    """The names at module level behind functions and methods: "KMeans" for "KMeans.fit"."""
    return frozenset(name.partition(".")[0] for name in names)
