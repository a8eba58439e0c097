"""Loading a submission: statement by statement, its own modules by name, everything else as the rubric says."""

from __future__ import annotations

from typing import Any

import pytest

from grader.limits import Limits
from grader.sandbox.sandbox import JailedChild, Loaded, Program, Sandbox, StatementFault, StatementPlace
from grader.worker.shared.steps import Call, Raised, Returned


def load(child: JailedChild, modules: dict[str, str] | str, **entries: str) -> Loaded:
    """Load with entries like `f="hw"` or `f="hw:Class.method"`."""
    modules = {"hw": modules} if isinstance(modules, str) else modules
    pairs = {}
    for name, place in (entries or {"f": "hw"}).items():
        module, _, inner = place.partition(":")
        pairs[name] = (module, inner or name)
    return child.load(Program(modules, pairs, ("numpy",)))


def answer(child: JailedChild, *args: object) -> Any:
    [outcome] = child.run([Call("f", args)])
    return outcome.value if isinstance(outcome, Returned) else outcome


# --- statements ---


def test_a_statement_that_fails_is_reported_and_the_rest_runs(child: JailedChild) -> None:
    source = "import numpy as np\n\nx = (1 +\n     undefined)\n\ndef f(): return 7\n\nf.y = 1 / 0\n"
    loaded = load(child, source)
    assert loaded.faults == (
        StatementFault("hw", 4, "NameError", "name 'undefined' is not defined"),
        StatementFault("hw", 8, "ZeroDivisionError", "division by zero"),
    )
    assert answer(child) == 7


def test_what_a_failed_statement_would_have_bound_stays_unbound(child: JailedChild) -> None:
    loaded = load(child, "f = 1 / 0\ng = 3\nh = len", f="hw", g="hw", h="hw")
    assert loaded.unbound == ("f", "g")


def test_a_file_that_often_says_try_is_loaded_in_time(jail: Sandbox) -> None:
    with jail.open(Limits(call_seconds=0.2)) as child:
        assert load(child, f"def f():\n    'You may {'try ' * 40_000}'\n    return 7\n").ended is None
        assert answer(child) == 7


def test_an_import_of_several_names_fails_only_for_those_that_are_not_there(child: JailedChild) -> None:
    loaded = load(child, {"hw": "from tools import lost, kept as f, lost2\n", "tools": "def kept(): return 7\n"})
    assert [(fault.module, fault.line, fault.type) for fault in loaded.faults] == [("hw", 1, "ImportError")] * 2
    assert answer(child) == 7


@pytest.mark.parametrize("statement", ["import sys; sys.exit(1)", "raise KeyboardInterrupt", "quit()", "exit(0)"])
def test_leaving_while_loading_is_only_a_fault(child: JailedChild, statement: str) -> None:
    assert load(child, f"{statement}\ndef f(): return 7").unbound == ()
    assert answer(child) == 7


def test_a_file_that_does_not_parse_is_one_fault(child: JailedChild) -> None:
    loaded = load(child, "def f(): return 1\ndef g(:\n")
    assert [(fault.line, fault.type) for fault in loaded.faults] == [(2, "SyntaxError")]
    assert loaded.unbound == ("f",)


def test_a_statement_that_parses_but_does_not_compile_is_a_fault_of_its_own(child: JailedChild) -> None:
    loaded = load(child, "x = 1\nreturn x\ndef f(): return 7")
    assert [(fault.line, fault.type) for fault in loaded.faults] == [(2, "SyntaxError")]
    assert answer(child) == 7


def test_future_imports_hold_for_the_whole_file(child: JailedChild) -> None:
    load(child, "from __future__ import annotations\nx = 1\ndef f(a: no_such_type = 3): return a")
    assert answer(child) == 3


@pytest.mark.parametrize(
    "source",
    [
        "def f(a: no_such_type, b: 1 / 0 = 3) -> later: return a",
        "class A:\n    def g(self, a: B[int]) -> A: return a\nf = A().g",
        "import os\n@staticmethod\ndef f(a: os.Nothing): return a",
    ],
)
def test_annotations_that_can_not_be_computed_cost_nothing(child: JailedChild, source: str) -> None:
    """As in Python 3.14, which computes them when somebody asks."""
    assert load(child, source).faults == ()
    assert answer(child, 3) == 3


def test_what_is_printed_while_loading_is_no_part_of_what_a_call_prints(child: JailedChild) -> None:
    load(child, "print('hello')\ndef f(): print('there')")
    [outcome] = child.run([Call("f", (), {})])
    assert isinstance(outcome, Returned)
    assert outcome.printed == "there\n"


def test_a_loop_while_loading_is_a_timeout(jail: Sandbox) -> None:
    with jail.open(Limits(call_seconds=0.1)) as child:
        loaded = load(child, "x = 1\nwhile True: pass")
        assert loaded.ended is not None
        assert loaded.ended.how == "timeout"
        assert loaded.ended.text.endswith(" in one statement")
        assert loaded.last == StatementPlace("hw", 1, 2)


def test_each_statement_has_the_time_of_one_call(jail: Sandbox) -> None:
    spend = "from time import process_time as t\n" + "s = t()\nwhile t() - s < 0.35: pass\n" * 3
    with jail.open(Limits(call_seconds=1.0)) as child:
        assert load(child, spend + "def f(): return 7").ended is None
        assert answer(child) == 7


def test_waiting_while_loading_takes_no_time(jail: Sandbox) -> None:
    with jail.open(Limits(call_seconds=0.1)) as child:
        assert load(child, "import time\ntime.sleep(1000)\ndef f(): return 7").ended is None


def test_a_statement_that_is_skipped_is_not_run_and_the_others_are(child: JailedChild) -> None:
    source = "x = []\nx.append(1)\nx.append(2); x.append(3)\ndef f(): return x"
    child.load(Program({"hw": source}, {"f": ("hw", "f")}, (), (), (("hw", 2),)))
    assert answer(child) == [1, 3]


@pytest.mark.parametrize(
    ("modules", "last"),
    [
        ({"hw": "import a\nimport os\nos._exit(0)", "a": "x = 1\ny = 2"}, ("hw", 2, 3)),
        ({"hw": "import a\nx = 2", "a": "x = 1\n\nimport os; os._exit(0)"}, ("a", 2, 3)),
        ({"hw": "def g():\n    import a\n    while True: pass\ng()", "a": "x = 1"}, ("hw", 1, 4)),
        ({"hw": "import os\n@lambda f: os.abort()\ndef f(): pass"}, ("hw", 1, 2)),
        ({"hw": "import os\ndef f(x=os.abort()): pass"}, ("hw", 1, 2)),
        ({"hw": "import os\nclass A:\n    os.abort()"}, ("hw", 1, 2)),
    ],
)
def test_the_statement_that_ended_the_process_is_told(jail: Sandbox, modules: Any, last: tuple[str, int, int]) -> None:
    with jail.open(Limits(call_seconds=0.1)) as child:
        loaded = load(child, modules)
        assert loaded.ended is not None
        assert loaded.last == StatementPlace(*last)


@pytest.mark.parametrize("said", ["('nowhere', 1, 1)", "('hw', 1, 0)", "('hw', 'x', 1)", "()", "3", "('hw', 1)"])
def test_a_statement_that_is_none_is_not_believed(jail: Sandbox, said: str) -> None:
    lie = f"import sys\nloader = sys.meta_path[0]\nloader.announce({said})\nloader.announce = None\nwhile True: pass"
    with jail.open(Limits(call_seconds=0.1)) as child:
        loaded = load(child, lie)
        assert loaded.ended is not None
        assert loaded.last is None or loaded.last.module == "hw"


def test_saying_that_statements_begin_gives_no_time_without_end(jail: Sandbox) -> None:
    lie = "import sys\nwhile True: sys.meta_path[0].announce(('hw', 1, 1))"
    with jail.open(Limits(call_seconds=0.5, submission_seconds=0.5)) as child:
        assert load(child, lie).ended is not None


def test_ending_the_process_while_loading_leaves_everything_unbound(child: JailedChild) -> None:
    loaded = load(child, "import os\nos._exit(0)\ndef f(): pass")
    assert loaded.ended is not None
    assert loaded.ended.text == "the code ended the process (exit status 0)"
    assert loaded.unbound == ("f",)


def test_the_last_binding_counts_and_a_lambda_is_one(child: JailedChild) -> None:
    load(child, "def f(): return 1\nf = lambda: 2")
    assert answer(child) == 2


def test_a_required_name_may_be_dotted(child: JailedChild) -> None:
    loaded = load(
        child,
        "class Layer:\n    @staticmethod\n    def forward(x): return x + 1",
        f="hw:Layer.forward",
        g="hw:Layer.no",
    )
    assert loaded.unbound == ("g",)
    assert answer(child, 1) == 2


def test_a_huge_source_loads(child: JailedChild) -> None:
    load(child, "".join(f"x{i} = {i}\n" for i in range(20_000)) + "def f(): return x19999")
    assert answer(child) == 19_999


def test_the_surroundings_make_sense(child: JailedChild) -> None:
    load(child, "import sys\nplace = __name__, __file__, sys.argv\ndef f(): return place")
    assert answer(child) == ("hw", "hw.py", [""])


def test_faults_are_capped(child: JailedChild) -> None:
    assert len(load(child, "undefined\n" * 1_000).faults) == 100


# --- a submission's own modules ---


def test_files_import_each_other_by_name(child: JailedChild) -> None:
    modules = {
        "q1": "from util import *\nimport q2\ndef f(x): return q2.g(x) + one",
        "q2": "import util\ndef g(x): return util.one * x",
        "util": "one = 1",
    }
    assert load(child, modules, f="q1").faults == ()
    assert answer(child, 5) == 6


def test_files_that_import_each_other_in_a_circle_load(child: JailedChild) -> None:
    modules = {"a": "import b\ndef f(): return b.g()", "b": "import a\ndef g(): return a.h()\n", "c": ""}
    modules["a"] += "\ndef h(): return 3"
    assert load(child, modules, f="a").faults == ()
    assert answer(child) == 3


def test_a_module_that_nobody_imports_does_not_run(child: JailedChild) -> None:
    assert load(child, {"hw": "def f(): pass", "train": "1 / 0"}).faults == ()


def test_a_module_runs_once(child: JailedChild) -> None:
    modules = {"a": "import b\ndef f(): pass", "b": "1 / 0\ndef g(): pass", "c": "import b"}
    assert len(load(child, modules, f="a", g="b").faults) == 1


@pytest.mark.parametrize(
    "statement", ["import lib.deep.util as u", "from lib.deep import util as u", "from lib.deep.util import one as u"]
)
def test_folders_are_packages_with_and_without_an_init_file(child: JailedChild, statement: str) -> None:
    modules = {"hw": f"{statement}\ndef f(): return getattr(u, 'one', u)", "lib.deep.util": "one = 1"}
    assert load(child, modules).faults == ()
    assert answer(child) == 1


def test_a_packages_own_file_runs_before_its_modules(child: JailedChild) -> None:
    modules = {
        "hw": "from lib.util import two as f",
        "lib": "base = 1",
        "lib.util": "from . import base\ndef two(): return 2 * base",
    }
    assert load(child, modules).faults == ()
    assert answer(child) == 2


def test_relative_imports_work_in_a_folder_that_is_no_package(child: JailedChild) -> None:
    modules = {"hw": "from .q2 import g\nfrom . import q2\ndef f(): return g() + q2.g()", "q2": "def g(): return 1"}
    assert load(child, modules).faults == ()
    assert answer(child) == 2


def test_a_file_in_a_folder_finds_its_neighbour_by_its_bare_name(child: JailedChild) -> None:
    modules = {
        "src.hw": "import helpers\nimport src.helpers\ndef f(): return helpers is src.helpers",
        "src.helpers": "x = 1",
    }
    assert load(child, modules, f="src.hw").faults == ()
    assert answer(child) is True


def test_a_name_that_two_folders_share_is_not_guessed(child: JailedChild) -> None:
    modules = {"hw": "import util\ndef f(): return util.x()", "a.util": "x = 1", "b.util": "x = 2"}
    load(child, modules)
    assert answer(child).type == "ModuleNotFoundError"


def test_a_fault_in_an_imported_module_is_reported_where_it_is(child: JailedChild) -> None:
    modules = {"hw": "import util\ndef f(): return util.x", "util": "y = 1 / 0\nx = 7"}
    assert load(child, modules).faults == (StatementFault("util", 1, "ZeroDivisionError", "division by zero"),)
    assert answer(child) == 7


def test_an_exception_in_another_module_is_told_there(child: JailedChild) -> None:
    load(child, {"hw": "import util\ndef f(): return util.g()", "util": "\ndef g(): return 1 / 0"})
    assert answer(child) == Raised("ZeroDivisionError", "division by zero", "util", 2)


def test_a_name_that_a_module_lacks_is_a_fault(child: JailedChild) -> None:
    [fault] = load(child, {"hw": "from util import nothing", "util": ""}).faults
    assert (fault.type, fault.text[:27]) == ("ImportError", "cannot import name 'nothing")


def test_own_files_do_not_shadow_what_numpy_needs(child: JailedChild) -> None:
    modules = {
        "hw": "import random, numpy as np\ndef f(): return random.random() < 2, np.mean([1, 3])",
        "random": "",
        "numpy": "",
    }
    modules["inspect"] = modules["secrets"] = modules["decimal"] = "raise SystemExit"
    assert load(child, modules).faults == ()
    assert answer(child)[0] is True


def test_required_functions_in_a_file_that_is_called_like_a_standard_module_are_found(child: JailedChild) -> None:
    load(child, {"math": "def f(): return 'mine'"}, f="math")
    assert answer(child) == "mine"


def test_a_file_called_test_or_code_or_grader_is_the_submissions(child: JailedChild) -> None:
    modules = {name: f"x = {name!r}" for name in ("test", "code", "grader", "worker")}
    modules["hw"] = "import test, code, grader, worker\ndef f(): return [m.x for m in (test, code, grader, worker)]"
    assert load(child, modules).faults == ()
    assert answer(child) == ["test", "code", "grader", "worker"]


# --- what isn't there ---


@pytest.mark.parametrize(
    "statement",
    [
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 4)).add_subplot(111).plot([1], 'r')",
        "from sklearn.datasets import load_iris\nX, y = load_iris(return_X_y=True).data, 2",
        "from utils.treebank import *\nfrom data_utils import get_CIFAR10_data, other",
        "import torch.nn as nn\nclass Net(nn.Module):\n    layer = nn.Linear(2, 3) * 2 + 1",
        "import seaborn as sns\nwith sns.axes_style('dark') as s, sns.x: pass\nfor a in sns.load(): print(a)",
        "import pandas\ntable = pandas.read_csv('x')['a'][0] > 3\ntable.loc[1] = -table\nif table: pass\nlen(table)",
        "import msgspec\nimport click\nmsgspec.Struct",
        "from google.colab import drive\ndrive.mount('/content')",
        "import pytest\n@pytest.fixture(scope='module')\ndef thing(): pass",
    ],
)
def test_using_what_is_not_there_is_harmless_while_loading(child: JailedChild, statement: str) -> None:
    assert load(child, f"{statement}\ndef f(): return 7").faults == ()
    assert answer(child) == 7


def test_using_it_in_a_required_function_says_which_package_is_missing(child: JailedChild) -> None:
    load(child, "import sklearn.utils as u\ndef f(x):\n    u.shuffle(x)\n    return x")
    text = "sklearn isn't available here, and this code uses sklearn.utils.shuffle"
    assert answer(child, 1) == Raised("StandInUsed", text, "hw", 3)


@pytest.mark.parametrize(
    "use", ["t + 1", "1 - t", "t[0]", "t()", "-t", "list(t)", "t.x.y.z()", "float(t)", "t > 1", "t @ t"]
)
def test_computing_with_it_in_a_required_function_raises(child: JailedChild, use: str) -> None:
    load(child, f"import torch as t\ndef f(): return {use}")
    assert answer(child).type == "StandInUsed"


def test_a_type_of_what_is_not_there_fits_nothing(child: JailedChild) -> None:
    load(child, "import torch\ndef f(x): return isinstance(x, torch.Tensor), issubclass(int, torch.Tensor)")
    assert answer(child, 1) == (False, False)


def test_it_can_be_caught_like_a_missing_import(child: JailedChild) -> None:
    load(
        child,
        "import numba\ndef f():\n    try: return numba.njit(lambda: 3)()\n    except ImportError: return 'without'",
    )
    assert answer(child) == "without"


@pytest.mark.parametrize("decorator", ["numba.jit", "numba.jit(nopython=True)", "numba.vectorize(['f8(f8)'])"])
def test_a_decorator_from_it_leaves_the_function_alone(child: JailedChild, decorator: str) -> None:
    load(child, f"import numba\n@{decorator}\ndef f(x): return x + 1")
    assert answer(child, 1) == 2


def test_a_required_function_that_comes_from_it_complains_when_called(child: JailedChild) -> None:
    assert load(child, "from course_helpers import f").unbound == ()
    told = answer(child)
    assert told.type == "ModuleNotFoundError"
    assert told.text == "course_helpers wasn't handed in, and this code uses course_helpers.f"


@pytest.mark.parametrize("error", ["ImportError", "(OSError, ModuleNotFoundError)", "Exception", ""])
def test_a_submission_with_a_plan_b_hears_that_a_package_is_missing(child: JailedChild, error: str) -> None:
    source = f"try:\n    import cupy as np\n    fast = True\nexcept {error}:\n    import numpy as np\n"
    assert load(child, f"{source}def f(): return np.sum([1, 2])").faults == ()
    assert answer(child) == 3


def test_so_does_a_function_with_a_plan_b(child: JailedChild) -> None:
    source = (
        "def f():\n    try:\n        import tqdm\n    except ImportError:\n        tqdm = iter\n    return [*tqdm([1])]"
    )
    load(child, source)
    assert answer(child) == [1]


@pytest.mark.parametrize(
    ("before", "call"),
    [
        ("import importlib", "importlib.import_module"),
        ("from importlib import import_module as load", "load"),
        ("pass", "__import__"),
    ],
)
def test_so_does_one_that_imports_by_calling_a_function(child: JailedChild, before: str, call: str) -> None:
    source = f"import numpy as np\n{before}\ntry:\n    xp = {call}('cupy')\nexcept ImportError:\n    xp = np\n"
    load(child, f"{source}def f(): return xp.sum([1, 2])")
    assert answer(child) == 3


@pytest.mark.parametrize(
    "handler", ["except ImportError:\n    print('pip install cupy')", "except OSError:\n    np = cupy = None"]
)
def test_a_try_without_a_plan_b_goes_on_below_the_missing_package(child: JailedChild, handler: str) -> None:
    load(child, f"try:\n    import cupy\n    import numpy as np\n{handler}\ndef f(): return np.sum([1, 2])")
    assert answer(child) == 3


def test_old_names_of_numpy_mean_what_they_meant(child: JailedChild) -> None:
    source = "import numpy as np\nfrom numpy import product\nbig = np.infty\n"
    use = "np.zeros(2, dtype=np.float), np.array([True]).astype(np.int), big, product([2, 3]), np.alltrue([1]), np.NaN"
    assert load(child, f"{source}def f(): return {use}").faults == ()
    zeros, ones, big, product, all_true, nan = answer(child)
    assert (zeros.dtype, ones.dtype.kind, big, product, all_true, nan != nan) == (
        "float64",
        "i",
        float("inf"),
        6,
        True,
        True,
    )


@pytest.mark.parametrize("package", ["six.moves", "past.builtins", "future.builtins"])
def test_what_made_one_source_of_two_pythons_is_there(child: JailedChild, package: str) -> None:
    load(
        child,
        f"from {package} import xrange, zip, reduce\ndef f(): return reduce(max, xrange(4)), len([*zip([1])])",
    )
    assert answer(child) == (3, 1)


def test_libraries_still_hear_that_a_package_is_missing(child: JailedChild) -> None:
    load(child, "import importlib.util, numpy.testing\ndef f(): return numpy.testing.IS_MUSL in (True, False)")
    assert answer(child) is True


# --- what is refused ---


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        ("open('/', 'rb')", "not allowed here: opening files ('/')"),
        ("open('new.txt', 'w')", "not allowed here: opening files ('new.txt')"),
        ("__import__('os').listdir('.')", "not allowed here: listing folders ('.')"),
        ("__import__('os').mkdir('new')", "not allowed here: changing files and folders ('new')"),
        ("__import__('os').fork()", "not allowed here: starting processes"),
        ("__import__('subprocess').run(['ls'])", "not allowed here: starting processes"),
        ("__import__('socket').socket()", "not allowed here: using the network"),
        ("__import__('os').kill(1, 9)", "not allowed here: sending signals"),
        ("__import__('threading').Thread(target=print).start()", "not allowed here: starting threads"),
        ("__import__('os').nice(1)", "not allowed here: this request to the system"),
    ],
)
def test_a_refusal_says_what_is_not_allowed(child: JailedChild, tried: str, said: str) -> None:
    load(child, f"def f(): {tried}")
    assert answer(child).text == said


def test_a_default_value_that_is_not_there_takes_no_function_along(child: JailedChild) -> None:
    load(child, "def f(x, cost=missing): return x\ndef g(): return missing", f="hw", g="hw")
    assert child.run([Call("f", (1,))]) == (Returned(1),)
    (outcome,) = child.run([Call("g")])
    assert isinstance(outcome, Raised)
    assert outcome.type == "NameError"


@pytest.mark.parametrize(
    ("module", "expression", "value"),
    [
        ("itertools", "list(itertools.batched('abc', 2))", [("a", "b"), ("c",)]),
        ("math", "math.sumprod([1, 2], [3, 4])", 11),
        ("typing", "typing.override(len)('ab')", 2),
        ("collections", "isinstance([], collections.Iterable)", True),
        ("time", "time.clock() - time.clock() <= 0", True),
    ],
)
def test_the_standard_library_has_the_names_of_older_and_newer_pythons(
    child: JailedChild, module: str, expression: str, value: object
) -> None:
    load(child, f"import {module}\ndef f(): return {expression}")
    assert answer(child) == value


@pytest.mark.parametrize(
    "line",
    [
        "plt.figure(figsize=(2, 3)); plt.plot(x, 'r'); plt.show()",
        "figure, axes = plt.subplots(1, 2); axes[0].plot(x); axes[1].set_title('x')",
        "display(x)",
        "for i in tqdm(range(3)): x = x + 0",
        "with tqdm(total=3) as bar: bar.update(1)",
        "for i in trange(2): pass",
        "Image('x.png')",
    ],
)
def test_what_only_shows_something_changes_no_answer(child: JailedChild, line: str) -> None:
    imports = (
        "import matplotlib.pyplot as plt\nfrom tqdm.notebook import tqdm, trange\nfrom IPython.display import Image\n"
    )
    load(child, f"{imports}def f(x):\n    {line}\n    return x + 1")
    assert answer(child, 1) == 2


def test_a_number_that_is_taken_from_a_plot_is_still_said_to_be_missing(child: JailedChild) -> None:
    load(
        child,
        "import matplotlib.pyplot as plt\ndef f():\n    n, bins, patches = plt.hist([1, 2])\n    return float(n) + 1",
    )
    assert answer(child).type == "StandInUsed"


@pytest.mark.parametrize(
    "source",
    [
        "import pylab as np\ndef f(x): return np.max(x, axis=0)",
        "from pylab import *\ndef f(x): return array(x).max() + linspace(0, 0, 3)[0] + max(0, 0)",
        "import pylab\ndef f(x):\n    pylab.plot(x)\n    pylab.show()\n    return pylab.exp(0) + 2",
        "from matplotlib.pylab import *\ndef f(x):\n    plot(x)\n    return dot(x, [0, 1, 0]) + 1",
    ],
)
def test_pylab_is_numpy_and_plots_that_show_nothing(child: JailedChild, source: str) -> None:
    load(child, source)
    assert answer(child, [1, 2, 3]) == 3
