"""Reads a function's flow: for each statement which others may have given it its values, or decide whether it runs.

It is careful in one direction: a statement that may matter is told. What is in a loop may follow itself, what is in a
branch may have run or not, and a name that may stand for a part of another changes it. Only what a plain assignment
overwrites is gone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from .model import MOST_LETTERS, MOST_NEEDS, MOST_STATEMENTS, Flow, Result, Statement
from .names import Aliases, names_changed, names_kept, names_made, names_read
from .returned import Assigned, Known, Returned, Taker

#: Statements that are looked at, each as often as its loops are: of a function that takes more, nothing is told.
_MOST_LOOKED_AT = 20_000
#: Nodes of its tree: a function of 400 statements has some 6,000.
_MOST_NODES = 15_000
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_TRIES = (ast.Try, ast.TryStar)
_LEAVING = (ast.Return, ast.Break, ast.Continue)
_WITHOUT_EFFECT = (ast.Pass, ast.Global, ast.Nonlocal)


class _TooMuchError(Exception):
    """It would take too long to read."""


def list_flows(
    modules: Mapping[str, str], entries: Mapping[str, tuple[str, str]], functions: Iterable[str]
) -> dict[str, Flow]:
    """The flows of these functions; of what can't be followed, none."""
    trees: dict[str, ast.Module] = {}
    found: dict[str, Flow] = {}
    for function in functions:
        module, name = entries.get(function, ("", ""))
        try:
            tree = trees.setdefault(module, ast.parse(modules.get(module, "")))
            top, node = _definition(tree, function if "." in function else name)
            _check_size(node)
            found[function] = _Reader(node, top.lineno).flow()
        except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError, _TooMuchError):
            continue
    return found


def _definition(tree: ast.Module, name: str) -> tuple[ast.stmt, ast.FunctionDef]:
    """The last definition of a name at the top, and the function: of "Class.method" a class and its method."""
    first, _, method = name.partition(".")
    tops = [each for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.name == first]
    top = tops[-1]
    inner = [each for each in ast.iter_child_nodes(top) if isinstance(each, ast.FunctionDef) and each.name == method]
    node = inner[-1] if method else top
    if not isinstance(node, ast.FunctionDef):
        raise LookupError(name)
    return top, node


def _check_size(function: ast.FunctionDef) -> None:
    """Raises _TooMuchError, before anything else is done with it."""
    for count, _ in enumerate(ast.walk(function)):
        if count > _MOST_NODES:
            raise _TooMuchError


class _Draft:
    """A statement, while it is found out what it needs."""

    def __init__(self, first: int, last: int, loop: int) -> None:
        self.first, self.last, self.loop = first, last, loop
        self.needs = set[int]()
        self.makes: set[str] = set()
        self.is_loop = False
        self.changes = set[str]()
        self.kept = set[str]()

    def told(self) -> Statement:
        names = (
            tuple(sorted(n for n in each if len(n) <= MOST_LETTERS)) for each in (self.makes, self.changes, self.kept)
        )
        makes, changes, kept = names
        needs = tuple(sorted(self.needs))
        return Statement(self.first, self.last, needs, makes, self.loop, self.is_loop, changes, kept)


class _Reader:
    """Follows the statements of one function, branch by branch, and loops until nothing new is found."""

    def __init__(self, function: ast.FunctionDef, start: int) -> None:
        self._function = function
        self._start = start
        self._aliases = Aliases(function)
        self._kept = names_kept(function, self._aliases)
        given = function.args
        self._arguments = {each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
        self._numbers: dict[int, int] = {}
        self._names: dict[int, tuple[set[str], set[str], set[str]]] = {}
        self._leaving: dict[int, bool] = {}
        self._drafts: list[_Draft] = []
        self._assigned: dict[int, Assigned] = {}
        self._returned: dict[int, Returned] = {}
        self._looked_at = 0
        self._loop = -1
        self._tries = 0

    def flow(self) -> Flow:
        """Raises _TooMuchError for a function that is too large."""
        self._block(self._function.body, {}, frozenset())
        statements = tuple(draft.told() for draft in self._drafts)
        if sum(len(each.needs) for each in statements) > MOST_NEEDS:
            raise _TooMuchError
        return Flow(statements, tuple(sorted(self._returned)), self._results())

    # -- statements ------------------------------------------------------------------------------------------------

    def _block(self, body: Sequence[ast.stmt], known: Known, controls: frozenset[int]) -> Known:
        for node in body:
            if isinstance(node, _WITHOUT_EFFECT) or (
                isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            ):
                continue
            number = self._number(node)
            known = self._statement(node, number, known, controls)
            if number not in self._leaving:
                self._leaving[number] = _may_leave(node)
            controls |= {number} if self._leaving[number] else frozenset()
        # Behind a return nothing goes on; what is tried may have failed before it.
        return {} if body and isinstance(body[-1], ast.Return) and not self._tries else known

    def _number(self, node: ast.stmt | ast.ExceptHandler) -> int:
        self._looked_at += 1
        if self._looked_at > _MOST_LOOKED_AT or len(self._drafts) > MOST_STATEMENTS:
            raise _TooMuchError
        if id(node) not in self._numbers:
            self._numbers[id(node)] = len(self._drafts)
            last = max(node.lineno, _end_of_head(node))
            self._drafts.append(_Draft(node.lineno - self._start, last - self._start, self._loop))
        return self._numbers[id(node)]

    def _statement(self, node: ast.stmt, number: int, known: Known, controls: frozenset[int]) -> Known:
        if isinstance(node, ast.If):
            self._note(number, [node.test], known, controls)
            inner = frozenset({number})
            return _join(self._block(node.body, known, inner), self._block(node.orelse, known, inner))
        if isinstance(node, _LOOPS):
            return self._looped(node, number, known, controls)
        if isinstance(node, ast.With | ast.AsyncWith):
            return self._block(node.body, self._note(number, node.items, known, controls), frozenset({number}))
        if isinstance(node, _TRIES):
            return self._tried(node, known, controls | {number})
        if isinstance(node, ast.Match):
            self._note(number, [node.subject], known, controls)
            ways = [self._block(case.body, known, frozenset({number})) for case in node.cases]
            return _join(known, *ways)
        return self._simple(node, number, known, controls)

    def _simple(self, node: ast.stmt, number: int, known: Known, controls: frozenset[int]) -> Known:
        after = self._note(number, [node], known, controls)
        if isinstance(node, ast.Return) and node.value is not None:
            self._returned[number] = Returned(node.value, known, controls)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._assigned[number] = Assigned(node.value, known)
        if isinstance(node, ast.Break | ast.Continue) and self._loop >= 0:
            self._drafts[self._loop].needs.add(number)
        return after

    def _looped(
        self, node: ast.For | ast.AsyncFor | ast.While, number: int, known: Known, controls: frozenset[int]
    ) -> Known:
        outer, self._loop = self._loop, number
        self._drafts[number].is_loop = True
        head: list[ast.AST] = [node.test] if isinstance(node, ast.While) else [node.target, node.iter]
        while True:
            begun = self._note(number, head, known, controls)
            after = _join(known, self._block(node.body, begun, frozenset({number})))
            if after == known:
                break
            known = after
        self._loop = outer
        begun = self._note(number, head, known, controls)
        return _join(begun, self._block(node.orelse, begun, controls))

    def _tried(self, node: ast.Try | ast.TryStar, known: Known, controls: frozenset[int]) -> Known:
        self._tries += 1
        done = self._block(node.body, known, controls)
        self._tries -= 1
        failed = _join(known, done)
        ways = [self._block(node.orelse, done, controls)]
        for handler in node.handlers:
            number = self._number(handler)
            ways.append(self._block(handler.body, failed, controls | {number}))
        return self._block(node.finalbody, _join(*ways), controls)

    def _note(self, number: int, nodes: Sequence[ast.AST], known: Known, controls: frozenset[int]) -> Known:
        """What is known after a statement that consists of these nodes."""
        if number not in self._names:
            self._names[number] = self._look(nodes)
            read, made, changed = self._names[number]
            self._drafts[number].makes = made | names_changed(nodes)
            self._drafts[number].kept = (read | made | changed) & self._kept
        read, made, changed = self._names[number]
        draft = self._drafts[number]
        draft.needs.update(controls, *(known.get(name, ()) for name in read))
        in_place = changed | made if isinstance(nodes[0], ast.AugAssign) else changed
        draft.changes.update(name for name in in_place & self._arguments if self._is_still(name, known))
        after = dict(known)
        for name in changed:
            after[name] = after.get(name, frozenset()) | {number}
        for name in made:
            after[name] = frozenset({number})
        return after

    def _is_still(self, argument: str, known: Known) -> bool:
        """Whether a name stands for what the caller gave: nothing else was assigned to it."""
        return all(argument in self._drafts[giver].changes for giver in known.get(argument, ()))

    def _look(self, nodes: Sequence[ast.AST]) -> tuple[set[str], set[str], set[str]]:
        """The names that are read, made, and changed in place, with those that stand for the same."""
        made, changed = names_made(nodes), names_changed(nodes)
        again = made if isinstance(nodes[0], ast.AugAssign) else set[str]()
        changed |= {name for each in changed | again for name in self._aliases.of(each)}
        return names_read(nodes) | changed | again, made, changed - made

    # -- results ---------------------------------------------------------------------------------------------------

    def _results(self) -> tuple[Result, ...]:
        """Each result with what every return makes it of; none where returns give different numbers of them."""
        taker = Taker(self._start, self._assigned)
        every = [taker.results(each) for _, each in sorted(self._returned.items())]
        if len({len(each) for each in every}) != 1:
            return ()
        alone = len(every) == 1
        return tuple(
            Result(tuple(map(taker.piece, ways)), tuple(taker.blocks(ways[0])) if alone else ())
            for ways in zip(*every, strict=True)
        )


def _end_of_head(node: ast.stmt | ast.ExceptHandler) -> int:
    """The last line of a simple statement, or of what stands before a block."""
    if isinstance(node, ast.If | ast.While):
        return node.test.end_lineno or node.lineno
    if isinstance(node, ast.For | ast.AsyncFor):
        return node.iter.end_lineno or node.lineno
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    return (
        node.lineno if body and not isinstance(node, ast.FunctionDef | ast.ClassDef) else node.end_lineno or node.lineno
    )


def _may_leave(node: ast.stmt) -> bool:
    """Whether a compound statement may end a function or a round of a loop, so that what follows doesn't run."""
    is_block = isinstance(node, (ast.If, ast.With, ast.AsyncWith, ast.Match, *_LOOPS, *_TRIES))
    return is_block and any(isinstance(each, _LEAVING) for each in ast.walk(node))


def _join(first: Known, *others: Known) -> Known:
    """What is known where several ways meet."""
    joined = dict(first)
    for other in others:
        for name, givers in other.items():
            joined[name] = joined.get(name, frozenset()) | givers
    return joined


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
