"""A rubric: what an assignment asks, as frozen records. `rubric_reader.py` makes them from YAML."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from grader.limits import Limits
from grader.rubric.expression import Expression
from grader.rubric.nodes import Place

if TYPE_CHECKING:
    from grader.rubric.late_penalty import Late

Visibility = Literal["public", "hidden", "after_due", "after_published"]
#: What students see of a fresh input on which their function fails: nothing, input and answer, or the truth as well.
WitnessShows = Literal["nothing", "inputs", "truth"]
WITNESS_SHOWS: tuple[WitnessShows, ...] = ("nothing", "inputs", "truth")
#: What students see of the smallest change that makes a function right: nothing, or its line and what it is about.
RepairShows = Literal["off", "line"]
REPAIR_SHOWS: tuple[RepairShows, ...] = ("off", "line")
#: The sorts of slips, in the order in which they are looked for.
SLIP_SORTS = (
    "missing import",
    "misspelt name",
    "parameter order",
    "printed",
    "syntax",
    "indentation",
    "result order",
)
VISIBILITIES: tuple[Visibility, ...] = ("public", "hidden", "after_due", "after_published")


class LiteralValue(msgspec.Struct, frozen=True):
    """A value that stands in the rubric as it is: None, a number, text, or nested lists of numbers."""

    value: Any
    place: Place


class Container(msgspec.Struct, frozen=True):
    """A dict or a list of arguments. A plain word in it is text, unless it is a name of the rubric's own."""

    entries: Mapping[str, Argument] | tuple[Argument, ...]


Argument = Expression | LiteralValue | Container
Inputs = Mapping[str, Argument]


def expressions_in(argument: Argument) -> Iterator[Expression]:
    """The expressions of an argument, those of its entries too."""
    if isinstance(argument, Expression):
        yield argument
    elif isinstance(argument, Container):
        entries = argument.entries
        for entry in entries.values() if isinstance(entries, Mapping) else entries:
            yield from expressions_in(entry)


class ShapeRule(msgspec.Struct, frozen=True):
    """Shapes that are right, as expressions for tuples; with `when`, only where that holds."""

    shapes: tuple[Expression, ...]
    when: Expression | None = None
    remark: str = ""  #: what a report says of these shapes; they cost nothing


class Words(msgspec.Struct, frozen=True):
    """What a printed answer says: any word of `yes` means true, any of `no` false, and both together are wrong."""

    yes: tuple[str, ...] = ("passed",)
    no: tuple[str, ...] = ("failed",)


class Entry(msgspec.Struct, frozen=True):
    """A step into a result: an entry of a dict by its name, or of a tuple or list by its number."""

    index: int
    name: str
    siblings: tuple[str, ...]  #: the names of all entries there

    @property
    def of(self) -> int:
        """How many entries there are."""
        return len(self.siblings)


class Result(msgspec.Struct, frozen=True):
    """One leaf of what a function returns. A function with one result has a single part named ""."""

    name: str = ""  #: "dx", "[0].dw"
    #: "none" is looked at by nobody, "any" is as the truth is.
    kind: Literal["array", "number", "truth", "text", "none", "list", "any"] = "array"
    path: tuple[Entry, ...] = ()  #: where it lies in the whole result
    each: Result | None = None  #: of a list, what each of its entries is
    length: Expression | None = None  #: of a list; None: as long as the truth
    shapes: tuple[ShapeRule, ...] = ()  #: empty: the shape of the truth
    scale: float | None = None  #: what relative errors are measured against; None: the largest entry of the truth
    tolerance: float | None = None
    up_to: str = ""  #: a key of `equivalence.EQUIVALENCES`: results that differ by no more than this are the same
    words: Words | None = None  #: the answer may be printed, in these words
    blocks: Mapping[str, Expression] = {}  #: what stands behind each other in it, and how many entries or rows each has
    in_columns: bool = False  #: whether its blocks are columns


class Measure(msgspec.Struct, frozen=True):
    """How a check holds a result against what is right; what it doesn't say, the part of the result says."""

    part: str | None = None
    scale: float | None = None
    tolerance: float | None = None
    up_to: str | None = None
    expect: Expression | None = None  #: ">= 15", as an expression of `result`: then there is no truth
    allow: tuple[float, ...] = ()


class Specifics(msgspec.Struct, frozen=True):
    """What a check says in keys that its kind alone has: each kind makes a record of its own out of this."""


class CallLine(msgspec.Struct, frozen=True):
    """One line of a call: an expression, whose value may get a name for the lines after it."""

    expression: Expression
    name: str = ""
    target: Expression | None = None  #: in place of a name: names, or an entry or attribute that gets the value
    scope: Literal["", "enter", "exit"] = ""  #: the value is a `with`'s, which is entered or left

    @property
    def trees(self) -> tuple[ast.expr, ...]:
        """All that stands in the line."""
        return (self.expression.tree, *(() if self.target is None else (self.target.tree,)))

    @property
    def bound(self) -> tuple[str, ...]:
        """The names that it makes."""
        target = None if self.target is None else self.target.tree
        targets = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        return tuple(filter(None, (self.name, *(each.id for each in targets if isinstance(each, ast.Name)))))


class Check(msgspec.Struct, frozen=True):
    """One question of a rubric to one function."""

    kind: str  #: a key of the table of kinds
    title: str
    place: Place
    points: Fraction = Fraction(0)
    visibility: Visibility = "hidden"
    hint: str = ""
    needs_values: bool = False  #: pays only where all the function's drawn value checks pass
    requires: tuple[str, ...] = ()  #: titles of checks without which it doesn't pay
    awaited: bool = False  #: others of its function wait for it, though it isn't the rubric that draws its values
    shares: bool = False  #: pays for each question that is answered right, not all or nothing
    at: tuple[str, ...] | None = None  #: names of sizes; None: the function's
    forms: tuple[str, ...] = ("",)  #: names of the function's forms; "" is the plain one
    cases: tuple[Inputs, ...] = ()
    times: int = 1  #: how often inputs are drawn at each size, or for each case
    given: Inputs = {}
    draw: Inputs = {}  #: more names, drawn and not passed
    later: Inputs = {}  #: the arguments of a second call that differ from the first one's
    call: tuple[CallLine, ...] = ()  #: how it is called here; empty: as everywhere
    ways: tuple[tuple[CallLine, ...], ...] = ()  #: other ways in which that call may be written
    after: Expression | None = None  #: what is looked at once the call is done, in place of its result
    measure: Measure = Measure()
    specifics: Specifics = Specifics()


class Signature(msgspec.Struct, frozen=True):
    """One way in which a function may take its arguments."""

    passed: tuple[str, ...]
    globals: tuple[str, ...] = ()  #: not passed: the function reads them from its module


#: How many times the numbers of a question right helpers take and give: whoever calls them row by row, or several times
#: over, needs less. Whoever calls them once for each entry of an input, to have their slopes, needs more.
HELPER_ENTRIES = 8.0


class RequiredFunction(msgspec.Struct, frozen=True):
    """A required function, or a method of a required class."""

    name: str  #: "softmax", "KMeans.fit"
    place: Place
    points: Fraction
    promise: str
    arguments: Inputs
    checks: tuple[Check, ...]
    file: str | None = None  #: the file that it should stand in
    needs: tuple[str, ...] = ()  #: required functions that it may call
    helper_entries: float = HELPER_ENTRIES  #: times a question's numbers that right versions of these take and give
    pure: bool = True  #: whether the reference's answers hang on the arguments alone, so that they may be kept
    is_variable: bool = False  #: no function: the value of a variable is looked at
    seed: Expression | None = None  #: what random generators of the module's own begin with, before each call
    let: Inputs = {}  #: drawn, not passed
    where: Expression | None = None  #: inputs are drawn again until this holds
    parts: tuple[Result, ...] = (Result(),)
    steps: Inputs = {}  #: values that a right way goes through, by name, beside those of the reference's variables
    forms: Mapping[str, Inputs] = {}
    at: tuple[str, ...] | None = None
    call: tuple[CallLine, ...] = ()  #: how it is called, where that is more than its name with its arguments
    ways: tuple[tuple[CallLine, ...], ...] = ()  #: other ways in which the call may be written
    signatures: tuple[Signature, ...] = ()  #: the first one is the reference's
    also: tuple[str, ...] = ()  #: other names that it may have
    optional: bool = False  #: its points come on top, and it costs nothing to leave it out

    @property
    def root(self) -> str:
        """The name at module level: "KMeans" for "KMeans.fit"."""
        return self.name.partition(".")[0]

    @property
    def lines(self) -> tuple[CallLine, ...]:
        """How it is called."""
        passed = self.signatures[0].passed if self.signatures else tuple(self.arguments)
        return self.call or (CallLine(Expression(f"{self.name}({', '.join(passed)})", self.place, True)),)


class Manual(msgspec.Struct, frozen=True):
    """What a person gives points for: a derivation on paper, an answer in words."""

    name: str
    place: Place
    points: Fraction
    promise: str = ""
    levels: Mapping[str, Fraction] = {}  #: words that stand for points, so that graders agree on them
    attachment: tuple[str, ...] = ()  #: where it is handed in: "*.pdf", or "# Question 2", a heading in a notebook


#: Which of several attempts of a student counts.
AttemptRule = Literal["newest", "best", "newest on time"]
ATTEMPT_RULES: tuple[AttemptRule, ...] = ("newest", "best", "newest on time")


class Rubric(msgspec.Struct, frozen=True):
    """An assignment as its instructor wrote it down."""

    name: str  #: the file's name without its suffix
    file: str
    title: str
    reference: str  #: the name of a folder
    packages: tuple[str, ...]
    limits: Limits
    sizes: Mapping[str, Mapping[str, int]]
    functions: tuple[RequiredFunction, ...]
    sha256: str
    mute: tuple[str, ...] = ()  #: names of mistakes that reports don't mention; "all" for every one
    carried: Fraction = Fraction(1)  #: the share that points earned with a replaced helper are worth
    witness: WitnessShows = "inputs"
    repair: RepairShows = "off"  #: what students see of the smallest change, once results are published
    late: Late | None = None  #: what lateness costs; None where nothing is said
    shared: tuple[str, ...] = ()  #: more folders, for what the reference doesn't have itself
    manual: tuple[Manual, ...] = ()
    slips: Mapping[str, Fraction] = {}  #: what a slip of a sort costs, once, where one repair mends it
    files: Mapping[str, Place] = {}  #: data files of the handout, in the reference's folder: where each is said
    attempts: AttemptRule = "newest"

    @property
    def points(self) -> Fraction:
        """All points that functions can earn, without those on top."""
        return sum((function.points for function in self.functions if not function.optional), Fraction(0))

    @property
    def items(self) -> tuple[RequiredFunction | Manual, ...]:
        """All that earns points, as a report lists it: functions, then what a person gives points for."""
        return (*self.functions, *self.manual)

    @property
    def most(self) -> Fraction:
        """All points that can be had, a person's too, without those on top."""
        return self.points + sum((item.points for item in self.manual), Fraction(0))
