"""Ways to earn points without doing the work, for any rubric: a submission in which every function follows one of them.

Each has the reference's own sources at hand, since the bundled ones are public; none computes more than it says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from grader.authoring.trivial import trivial_source
from grader.plan.assignment import Assignment
from grader.submission.collecting import FoundFile, Upload

Files = dict[str, str]


class Strategy(NamedTuple):
    """A way to earn points."""

    make: Callable[[Assignment], Files]
    slow: bool = False  #: it runs into the limits
    is_partly_right: bool = False  #: some of its answers are right, and the checks of these pay


_COUNTS = "COUNTS = {}\ndef count(name):\n    COUNTS[name] = COUNTS.get(name, 0) + 1\n    return COUNTS[name]\n"
_BURN = """
import time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""
#: Makes modules of the reference's sources, with what stands in for `grader.reference`.
_LOAD = """
import sys, types
import numpy as np
def load(wanted):
    marks = types.ModuleType("grader.reference")
    marks.mistake = marks.convention = marks.right = lambda *args, **words: lambda call: call
    sys.modules.update({"grader": types.ModuleType("grader"), "grader.reference": marks})
    left = {name: types.ModuleType(name) for name in SOURCES}
    sys.modules.update(left)
    for _ in SOURCES:
        for name, module in list(left.items()):
            try:
                exec(SOURCES[name], vars(module))
                del left[name]
            except ImportError:
                pass
    return {name: getattr(sys.modules[module], call) for name, (module, call) in wanted.items()}
"""


def _body(text: str, before: str = "") -> Callable[[Assignment], Files]:
    """Every function has the same body: `args` are its arguments."""
    return lambda assignment: {"hw.py": before + trivial_source(assignment.rubric, text)}


def _with_reference(text: str, before: str = "") -> Callable[[Assignment], Files]:
    """The same, with the reference at hand, and RIGHT and WRONG: its functions by name, and a mistake of each."""

    def make(assignment: Assignment) -> Files:
        reference = assignment.reference
        names = [function.name for function in assignment.rubric.functions if "." not in function.name]
        credited = {name: [v for v in reference.of("mistake", name) if v.credit] for name in names}
        right = {name: (reference.functions[name].__module__, name) for name in names}
        wrong = {name: (each[0].call.__module__, each[0].call.__name__) for name, each in credited.items() if each}
        texts = {name.removesuffix(".py"): source for name, source in reference.sources.items()}
        tables = f"RIGHT, WRONG = load({right}), load({wrong})"
        functions = [f"def {name}(*args):\n    name = {name!r}\n    {text}\n" for name in names]
        return {"hw.py": "\n".join([before, f"SOURCES = {texts}", _LOAD, tables, *functions])}

    return make


#: Slopes by central differences, entry by entry, of whatever a helper gives.
_MEASURED = """
def slopes(cost, x):
    x = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = 1e-5
        grad[i] = (cost(x + e) - cost(x - e)) / 2e-5
    return grad
"""
#: The functions of the bundled rubrics that are gradients, without any of the work. The gradient for the scores of a
#: few classes is left out: its questions are so small that no bound tells measuring from asking (docs/known-limits).
_ORACLES = {
    "assignment1": """
def softmax(x): return 0 * x
def sigmoid(x): return 0 * x
def sigmoid_grad(s): return 0 * s
def cross_entropy(y, y_hat): return 0.0
def forward(x, W1, b1, W2, b2): return 0 * (x @ W1), 0 * (x @ W1 @ W2)
def softmax_cross_entropy_grad(theta, y): return 0 * theta
def input_grad(x, y, W1, b1, W2, b2):
    return slopes(lambda z: -np.sum(y * np.log(forward(z, W1, b1, W2, b2)[1])), x)
def forward_backward_prop(data, labels, params, dimensions):
    Dx, H, Dy = dimensions
    a = Dx * H
    def cost(p):
        W1, b1, W2, b2 = p[:a].reshape(Dx, H), p[a:a + H], p[a + H:a + H + H * Dy].reshape(H, Dy), p[a + H + H * Dy:]
        return float(cross_entropy(labels, forward(data, W1, b1, W2, b2)[1]))
    return cost(params), slopes(cost, params)
""",
    "conv2d": """
def conv_forward(x, w, b, *rest): return 0.0 * x, (x, w, b, *rest)
def conv_backward(dout, cache):
    x, w, b, *rest = cache
    def cost(x, w, b): return np.sum(dout * conv_forward(x, w, b, *rest)[0])
    return slopes(lambda z: cost(z, w, b), x), slopes(lambda z: cost(x, z, b), w), slopes(lambda z: cost(x, w, z), b)
""",
}


def _oracle(assignment: Assignment) -> Files:
    text = _ORACLES.get(assignment.rubric.name)
    if text is None:
        return _body("return slopes(lambda z: float(np.sum(z)), args[0])", "import numpy as np\n" + _MEASURED)(
            assignment
        )
    return {"hw.py": "import numpy as np\n" + _MEASURED + text}


def _helper_results(assignment: Assignment) -> Files:
    """Every function gives what the first helper that takes its arguments gives."""
    lines = ["import numpy as np"]
    for function in assignment.rubric.functions:
        if "." not in function.name:
            lines += [
                f"def {function.name}(*args):",
                "    for helper in (" + "".join(f"{n}, " for n in function.needs) + "):",
            ]
            lines += ["        for given in (args, args[:1], args[:2]):"]
            lines += [
                "            try: return helper(*given)",
                "            except Exception: pass",
                "    return args[0]",
            ]
    return {"hw.py": "\n".join(lines) + "\n"}


_LOOK = """
import numpy as np
def look(args):
    for each in args:
        data, name = getattr(each, "keywords", None), getattr(getattr(each, "func", None), "__name__", "")
        if data is None:
            for cell in getattr(each, "__closure__", None) or ():
                data = getattr(cell.cell_contents, "keywords", data)
        if data:
            slope = np.asarray(data.get("slope", 0.0))
            right = {"tilt": data.get("lean"), "bowl": 2 * np.asarray(data.get("curve", 0)), "peak": data.get("height")}
            right["saddle"] = 2 * np.asarray(data.get("height", 0)) * np.asarray(data.get("weight", 0))
            other = np.asarray(data.get("height", 0)) * data.get("rate", 0)
            return bool(np.allclose(slope, right.get(name, other), rtol=1e-6))
    return True
"""

STRATEGIES: dict[str, Strategy] = {
    "silence after a known mistake": Strategy(
        _with_reference(
            "if count(name) > 1 or name not in WRONG: burn(60)\n    return WRONG[name](*args)", _COUNTS + _BURN
        ),
        slow=True,
        is_partly_right=True,
    ),
    "waste of nearly all the time": Strategy(_body("burn(BURNT); return args[0]", _BURN + "BURNT = 0.15\n"), slow=True),
    "constants": Strategy(_body("return (0.5, np.ones(3))[np.ndim(args[0]) and 1]")),
    "the logarithm alone": Strategy(_body("return -np.log10(np.max(np.abs(np.asarray(args[-1], dtype=float))))")),
    "slopes measured with right helpers": Strategy(_oracle),
    "what stands behind an argument": Strategy(_body("return look(args)", _LOOK)),
    "the first answers again": Strategy(
        _with_reference(
            "if count(name) == 1: FIRST[name] = RIGHT[name](*args)\n    return FIRST[name]", _COUNTS + "FIRST = {}\n"
        ),
        is_partly_right=True,
    ),
    "guesses": Strategy(
        _body(
            "if callable(args[0]): return bool(np.random.rand() < 0.5)\n"
            "    return np.random.randint(0, 3, len(np.atleast_1d(args[0])))"
        )
    ),
    "exceptions in turn": Strategy(
        _body("raise (ValueError, NotImplementedError, SystemExit, KeyboardInterrupt)[count('f') % 4]()", _COUNTS)
    ),
    "its arguments": Strategy(_body("return args[count('f') % len(args)] if args else None", _COUNTS)),
    "what helpers give": Strategy(_helper_results),
    "the number of the question": Strategy(_body("return count('f') % 2 == 1", _COUNTS)),
}


def submission(strategy: Strategy, assignment: Assignment) -> Upload:
    """What is handed in by whoever follows it."""
    files = strategy.make(assignment)
    return Upload("farm", tuple(FoundFile(name, text.encode()) for name, text in files.items()))
