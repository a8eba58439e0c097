"""Parameters and results in another order than asked, and answers that are printed instead of returned."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from itertools import permutations

from .model import Edit, Repair
from .scene import Definition, Scene, Span, edits_of, own_nodes, span_of

_MOST_RESULTS = 4


def parameters_in_order(scene: Scene) -> Iterator[Repair]:
    """A function that has the names that are asked for, in another order: reordered, its own callers with it or not."""
    for found in scene.definitions:
        wanted, arguments = found.wanted.passed, found.node.args
        own = [each.arg for each in arguments.args]
        skipped = 1 if "." in found.wanted.name and own[:1] == ["self"] else 0
        plain = not (arguments.posonlyargs or arguments.defaults or arguments.vararg)
        if plain and own[skipped:] != list(wanted) and sorted(own[skipped:]) == sorted(wanted):
            yield from _reordered(scene, found, skipped)


def _reordered(scene: Scene, found: Definition, skipped: int) -> Iterator[Repair]:
    nodes = found.node.args.args[skipped:]
    own = [each.arg for each in nodes]
    order = [own.index(name) for name in found.wanted.passed]
    head = _permuted(scene, found, nodes, order)
    if head is None:
        return
    calls = [_permuted(scene, found, call, order) for call in _calls_by_place(scene, found, len(nodes))]
    callers = [span for call in calls if call is not None for span in call]
    yield from _variants(scene, "parameter order", found, head, callers)


def _variants(
    scene: Scene, sort: str, found: Definition, head: Sequence[Span], callers: Sequence[Span], group: str = ""
) -> Iterator[Repair]:
    """The repair with the function's own callers following it, and without: they may hold to what was asked."""
    seen = set()
    for spans in ((*head, *callers), tuple(head)):
        edits = edits_of(scene, found.file, spans)
        if edits and edits not in seen:
            seen.add(edits)
            line = min(span.line for span in head)
            yield scene.repair(sort, scene.names, edits, f"{found.wanted.name} {group}", line)


def _permuted(scene: Scene, found: Definition, nodes: Sequence[ast.AST], order: Sequence[int]) -> list[Span] | None:
    """The nodes' places, each with the text of the one that belongs there."""
    spans = [span_of(scene, found.file, found.statement, node) for node in nodes]
    return _exchange(spans, order)


def _exchange(spans: Sequence[Span | None], order: Sequence[int]) -> list[Span] | None:
    whole = [span for span in spans if span is not None]
    if len(whole) != len(spans):
        return None
    return [place._replace(text=whole[source].text) for place, source in zip(whole, order, strict=True)]


def _calls_by_place(scene: Scene, found: Definition, count: int) -> Iterator[Sequence[ast.AST]]:
    """The arguments of each call of the function in its file, where all are given by place."""
    for node in _nodes_around(scene, found):
        if isinstance(node, ast.Call) and _calls(node, found) and len(node.args) == count and not node.keywords:
            starred = any(isinstance(each, ast.Starred) for each in node.args)
            yield from () if starred else (node.args,)


def _nodes_around(scene: Scene, found: Definition) -> Iterator[ast.AST]:
    """The nodes of the file's kept statements that mention a function, lines counted as its own statement does."""
    for statement in scene.kept_statements(found.file):
        if found.node.name in statement.text:
            shift = statement.offset - found.statement.offset
            tree = ast.increment_lineno(copy.deepcopy(statement.node), shift) if shift else statement.node
            yield from ast.walk(tree)


def _calls(node: ast.Call, found: Definition) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name == found.node.name


def results_in_order(scene: Scene) -> Iterator[Repair]:
    """A function that returns a tuple: each other order of its results."""
    for found in scene.definitions:
        count = found.wanted.results
        returns = [each for each in own_nodes(found.node) if isinstance(each, ast.Return) and each.value is not None]
        tuples = [each.value.elts for each in returns if isinstance(each.value, ast.Tuple)]
        if not 1 < count <= _MOST_RESULTS or len(tuples) != len(returns) or any(len(t) != count for t in tuples):
            continue
        for order in list(permutations(range(count)))[1:]:
            yield from _results_as(scene, found, tuples, order)


def _results_as(
    scene: Scene, found: Definition, tuples: Sequence[Sequence[ast.expr]], order: Sequence[int]
) -> Iterator[Repair]:
    head: list[Span] = []
    for elements in tuples:
        spans = _permuted(scene, found, elements, order)
        if spans is None:
            return
        head += spans
    callers = list(_takers(scene, found, order))
    if head:
        yield from _variants(scene, "result order", found, head, callers, str(order))


def _takers(scene: Scene, found: Definition, order: Sequence[int]) -> Iterator[Span]:
    """Where the function's own callers take its results apart."""
    for node in _nodes_around(scene, found):
        if isinstance(node, ast.Assign) and any(isinstance(n, ast.Call) and _calls(n, found) for n in ast.walk(node)):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and len(target.elts) == len(order):
                    yield from _permuted(scene, found, target.elts, order) or ()
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call) and _calls(node.value, found):
            place = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if isinstance(place, int) and 0 <= place < len(order):
                span = span_of(scene, found.file, found.statement, node.slice, str(list(order).index(place)))
                yield from (span,) if span else ()


def printed_answers(scene: Scene) -> Iterator[Repair]:
    """A function that returns nothing and prints: the calls of `print` that end it, turned into returns."""
    for found in scene.definitions:
        returns = [n for n in own_nodes(found.node) if isinstance(n, ast.Return)]
        prints = [n for n in own_nodes(found.node) if _is_print_statement(n)]
        if any(n.value is not None and not _is_print(n.value) for n in returns):
            continue
        inline = [n.value for n in returns if n.value is not None]
        last = [n.value for n in prints if _is_last(n, found.node)]  # type: ignore[attr-defined]
        for calls in [inline] if inline else [last, *([call] for call in last if len(last) > 1)]:
            edits = _returned(scene, found, calls, within=bool(inline))
            if edits:
                yield scene.repair("printed", scene.names, edits, f"{found.wanted.name} {edits[0].line} {len(edits)}")


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _is_print_statement(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and _is_print(node.value)


def _is_last(statement: ast.AST, function: ast.AST) -> bool:
    """Whether nothing of the function comes after a statement, by whichever branch it is reached."""
    return any(statement is each for each in _ends(function))


def _ends(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("body", "orelse"):
        block = getattr(node, name, [])
        if block:
            last = block[-1]
            if isinstance(last, ast.Return) and last.value is None and len(block) > 1:
                last = block[-2]
            if isinstance(last, ast.If | ast.With | ast.Try):
                yield from _ends(last)
            else:
                yield last
    for handler in getattr(node, "handlers", []):
        yield from _ends(handler)


def _returned(scene: Scene, found: Definition, calls: Sequence[ast.AST], within: bool) -> tuple[Edit, ...]:
    """The lines with `return` and what was printed; words that are printed with it are left out."""
    spans = []
    for call in calls:
        assert isinstance(call, ast.Call)
        told = [each for each in call.args if not (isinstance(each, ast.Constant) and isinstance(each.value, str))]
        texts = [span_of(scene, found.file, found.statement, each) for each in told]
        place = span_of(scene, found.file, found.statement, call)
        if place is None or not told or call.keywords or None in texts:
            return ()
        said = ", ".join(each.text for each in texts if each is not None)
        spans.append(place._replace(text=said if within else f"return {said}"))
    return edits_of(scene, found.file, spans)
