"""Read what a rubric says of a function's results: `returns:`, and whatever holds for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.numeric.equivalence import EQUIVALENCES
from grader.rubric.expression import Expression
from grader.rubric.fields import (
    EXPRESSION,
    NUMBER,
    TEXT,
    TEXTS,
    FieldReader,
    Found,
    KeyTable,
    Schema,
    any_of,
    list_of,
    mapping_of,
    one_of,
    one_or_more,
)
from grader.rubric.model import Entry, Result, ShapeRule, Words
from grader.rubric.nodes import Node

PART_KINDS = ("array", "number", "truth", "text", "none", "any")
ANSWER = KeyTable({"yes": TEXTS, "no": TEXTS}, ("yes", "no"))
SHAPE = KeyTable({"when": EXPRESSION, "any": one_or_more(EXPRESSION), "remark": TEXT}, ("any",))
#: What a function says of its results, and a part of them for itself.
RESULT: dict[str, Schema] = {
    "shapes": one_or_more(any_of(EXPRESSION, SHAPE.schema)),
    "scale": NUMBER,
    "tolerance": NUMBER,
    "up_to": one_of(EQUIVALENCES),
    "answer": any_of(one_of(["printed"]), ANSWER.schema),
}
RETURNS: Schema = {"$ref": "#/$defs/result"}
PART = KeyTable(
    {
        "kind": one_of(PART_KINDS),
        "each": RETURNS,
        "length": EXPRESSION,
        "blocks": mapping_of(any_of(EXPRESSION, mapping_of(EXPRESSION))),
        **RESULT,
    }
)
#: What to write where somebody names a type that holds others.
_CONTAINERS = {
    "dict": "write its keys, such as {cost: number, grad: array}, or any where they hang on the input",
    "list": "write what each entry is, such as {each: number}, or any",
    "tuple": "write what it holds, such as [array, number]",
}
#: What a function returns: a word, keys of a result, names, or results within each other.
NESTED = any_of(one_of(PART_KINDS), PART.schema, list_of(RETURNS, at_least=1), mapping_of(RETURNS))


def _is_result(node: Node) -> bool:
    """Whether an entry of a list says what a result is, rather than what it is called."""
    return isinstance(node.value, (dict, list)) or node.value in PART_KINDS


def name_parts(parts: Sequence[Result]) -> tuple[str, ...]:
    """What a check may call a part: a leaf, or all that lies in an entry."""
    every = [name for part in parts for name in (*_list_around(part.name), part.name)]
    return tuple(dict.fromkeys(every))


def _list_around(name: str) -> list[str]:
    """The entries in which a leaf lies: "[0]" for "[0].dw"."""
    return [name[: found.start()] for found in re.finditer(r"(?<=.)[.\[]", name)]


def _has_columns(node: Node | None) -> bool:
    """Whether blocks are columns of a result."""
    said = node.value if node is not None else None
    return isinstance(said, dict) and said.keys() == {"columns"} and isinstance(said["columns"].value, dict)


def _is_group(node: Node) -> bool:
    """Whether a mapping holds results by their names, rather than keys of one result."""
    said = all(isinstance(item.value, (str, dict, list)) for item in node.value.values())
    return bool(node.value) and said and not node.value.keys() & PART.keys.keys()


def read_results(nodes: FieldReader, found: Found) -> tuple[Result, ...]:
    """`returns: number`, `[dx, dw]`, `{cost: number, grad: {shapes: […]}}`, `[{dw: array, db: number}, number]`."""
    node = found.get("returns")
    if node is None:
        return (_read_part(nodes, "", (), None, found),)
    if isinstance(node.value, list) and not any(map(_is_result, node.value)):
        names = tuple(nodes.text(item, "returns") for item in node.value)
        paths = [(Entry(at, name, names),) if len(names) > 1 else () for at, name in enumerate(names)]
        return tuple(_read_part(nodes, name, path, None, found) for name, path in zip(names, paths, strict=True))
    if isinstance(node.value, dict) and not {"kind", "each"} & node.value.keys():
        return tuple(_read_entries(nodes, "", (), node, found))
    return tuple(_read_leaves(nodes, "", (), node, found))


def _read_leaves(nodes: FieldReader, name: str, path: tuple[Entry, ...], node: Node, outer: Found) -> Iterator[Result]:
    """The leaves of a result that may hold others."""
    if isinstance(node.value, list) or (isinstance(node.value, dict) and _is_group(node)):
        yield from _read_entries(nodes, name, path, node, outer)
    else:
        yield _read_part(nodes, name, path, node, outer)


def _read_entries(nodes: FieldReader, name: str, path: tuple[Entry, ...], node: Node, outer: Found) -> Iterator[Result]:
    keyed = isinstance(node.value, dict)
    items = node.value if keyed else {str(at): item for at, item in enumerate(node.value)}
    if not items:
        nodes.wrong(node.place, "returns: names no result")
    names = tuple(items) if keyed else tuple(f"[{at}]" for at in items)
    for at, (key, item) in enumerate(items.items()):
        inner = f"{name}.{key}" if keyed and name else key if keyed else f"{name}[{key}]"
        inside = (*path, Entry(at, names[at], names))
        yield from _read_leaves(nodes, inner, inside, item, outer)


def _read_part(nodes: FieldReader, name: str, path: tuple[Entry, ...], node: Node | None, outer: Found) -> Result:
    """A part; what it doesn't say itself, the function says for all of its parts."""
    if node is not None and not isinstance(node.value, dict):
        own: dict[str, Node] = {"kind": node}
    else:
        own = nodes.mapping(node, f"the result {name!r}", *PART)
    kind = "list" if "each" in own else _read_kind(nodes, own.get("kind"))
    if "length" in own and "each" not in own:
        nodes.wrong(own["length"].place, "a length belongs to a list: say each: too")
    shapes = own.get("shapes", outer.get("shapes"))
    return Result(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        path=path,
        each=_read_each(nodes, f"{name}[…]", own["each"]) if "each" in own else None,
        length=nodes.expression(own.get("length"), "length"),
        shapes=tuple(rule for item in nodes.items(shapes) if (rule := _read_shape_rule(nodes, item))),
        scale=nodes.number(own.get("scale", outer.get("scale")), "scale"),
        tolerance=nodes.number(own.get("tolerance", outer.get("tolerance")), "tolerance"),
        up_to=nodes.choice(own.get("up_to", outer.get("up_to")), "up_to", tuple(EQUIVALENCES), ""),
        words=_read_words(nodes, own.get("answer", outer.get("answer")), kind),
        blocks=_read_blocks(nodes, own.get("blocks"), kind),
        in_columns=_has_columns(own.get("blocks")),
    )


def _read_kind(nodes: FieldReader, node: Node | None) -> str:
    if node is not None and node.value in _CONTAINERS:
        nodes.wrong(node.place, f"the kind of a result is {node.value!r}: {_CONTAINERS[node.value]}")
        return "any"
    return nodes.choice(node, "the kind of a result", PART_KINDS, "array")


def _read_each(nodes: FieldReader, name: str, node: Node) -> Result:
    """What each entry of a list is; where it holds others, it is held against the reference's as a whole."""
    if not isinstance(node.value, list) and not (isinstance(node.value, dict) and _is_group(node)):
        return _read_part(nodes, name, (), node, {})
    for _ in _read_leaves(nodes, name, (), node, {}):  # whose flaws are told
        pass
    return Result(name, "any")


def _read_blocks(nodes: FieldReader, node: Node | None, kind: str) -> dict[str, Expression]:
    """`blocks: {W1: "Dx*H", b1: H}`, `{columns: {x: 1, y: 2}}`: what stands behind each other in a result."""
    if node is not None and kind != "array":
        nodes.wrong(node.place, f"blocks name parts of an array, and this is a {kind}")
    node = node.value["columns"] if node is not None and _has_columns(node) else node
    found = nodes.mapping(node, "blocks").items()
    sizes = {name: nodes.expression(item, f"block {name!r}") for name, item in found}
    return {name: size for name, size in sizes.items() if size is not None}


def _read_words(nodes: FieldReader, node: Node | None, kind: str) -> Words | None:
    """`answer: printed`, or `answer: {yes: [correct], no: [wrong]}` where the words are others."""
    if node is None:
        return None
    if kind not in ("truth", "number"):
        nodes.wrong(node.place, "an answer can be printed where the result is a truth or a number")
    if not isinstance(node.value, dict):
        nodes.choice(node, "answer", ("printed",), "printed")
        return Words()
    found = nodes.mapping(node, "answer", *ANSWER)
    return Words(nodes.words(found.get("yes"), "yes"), nodes.words(found.get("no"), "no"))


def _read_shape_rule(nodes: FieldReader, node: Node) -> ShapeRule | None:
    if not isinstance(node.value, dict):
        shape = nodes.expression(node, "a shape")
        return ShapeRule((shape,)) if shape else None
    found = nodes.mapping(node, "a shape", *SHAPE)
    shapes = [nodes.expression(item, "a shape") for item in nodes.items(found.get("any"))]
    when = nodes.expression(found.get("when"), "when")
    return ShapeRule(tuple(s for s in shapes if s), when, nodes.text(found.get("remark"), "remark"))
