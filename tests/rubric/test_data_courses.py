"""What courses on data, statistics, learning and dynamic programming hand out: tables, chance, values in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from docs.pages import files
from rubric.language import Course

from grader.authoring.verify import verify_assignment
from grader.errors import RubricError
from grader.grading.grades import FunctionGrade
from grader.sandbox.sandbox import Sandbox

PANDAS = """\
  by_group:
    points: 4
    arguments: {table: "measured(x, g)"}
    let: {x: "normal(12)", g: "permutation(12)"}
    checks:
      - {value: the means, points: 3}
      - {unchanged: leaves the table alone, points: 1}
  counts:
    points: 1
    arguments: {words: "named(g)"}
    let: {g: "permutation(9)"}
    checks: [{value: how often, points: 1}]
packages: [numpy, pandas]
"""
PANDAS_SOLVED = """\
import pandas as pd
def measured(x, g):
    return pd.DataFrame({"x": x, "y": x ** 2, "group": ["abc"[k % 3] for k in g]}, index=[f"row {k}" for k in g])
def named(g):
    return pd.Series(["abc"[k % 3] if k else None for k in g])
def by_group(table):
    return table.groupby("group")[["x", "y"]].mean()
def counts(words):
    return words.value_counts().sort_index()
"""
BY_HAND = """\
import pandas as pd
def by_group(table):
    groups = sorted(set(table["group"]))
    rows = [[table[table["group"] == g][c].sum() / (table["group"] == g).sum() for c in ("x", "y")] for g in groups]
    return pd.DataFrame(rows, columns=["x", "y"], index=groups)
def counts(words):
    return pd.Series({word: int((words == word).sum()) for word in sorted(set(words.dropna()))})
"""


@pytest.fixture(scope="module")
def data_box() -> Iterator[Sandbox]:
    with Sandbox(packages=("numpy", "pandas", "scipy")) as box:
        yield box


@pytest.fixture
def tables(tmp_path: Path, data_box: Sandbox) -> Course:
    return Course(tmp_path, data_box, PANDAS, PANDAS_SOLVED)


def scores(course: Course, source: str) -> list[object]:
    return [function.score for function in course.grade(source).functions]


def test_frames_and_series_go_in_and_come_out_whoever_made_them(tables: Course) -> None:
    assert scores(tables, PANDAS_SOLVED) == [4, 1]
    assert scores(tables, BY_HAND) == [4, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("[['x', 'y']].mean().to_numpy()", "The result has the wrong type."),
        ("[['y', 'x']].mean()", "The columns are wrong: their names, or their order."),
        ("[['x', 'y']].mean().reset_index(drop=True)", "The rows have the wrong labels."),
        ("[['x', 'y']].mean().iloc[:2]", "The result has the wrong shape."),
        ("[['x', 'y']].mean().round().astype(int)", "The result holds the wrong type of number."),
        ("[['x', 'y']].sum()", "The values differ."),
    ],
)
def test_what_of_a_frame_is_wrong_is_said(tables: Course, change: str, message: str) -> None:
    source = PANDAS_SOLVED.replace('[["x", "y"]].mean()', change)
    first = tables.grade(source).functions[0].checks[0]
    assert (first.score, first.message) == (0, message)


def test_a_frame_that_is_changed_costs_its_point(tables: Course) -> None:
    source = PANDAS_SOLVED.replace("    return table", "    table['z'] = 1\n    return table")
    assert scores(tables, source) == [3, 1]


def test_verify_finds_a_rubric_of_frames_well(tables: Course) -> None:
    found = verify_assignment(tables.rubric, seed=2)
    assert [text for section in found.sections for text in section.differences] == []


SPARSE = """\
  laplacian:
    points: 2
    arguments: {A: "graph(x)"}
    let: {x: "uniform(0, 1, 6, 6)"}
    checks: [{value: the matrix, points: 2}]
packages: [numpy, scipy]
"""
SPARSE_SOLVED = """\
from scipy import sparse
def graph(x):
    upper = np.triu(x > 0.6, 1)
    return sparse.csr_array((upper | upper.T).astype(float) + np.eye(6, k=1) + np.eye(6, k=-1))
def laplacian(A):
    return (sparse.diags_array(A.sum(axis=0)) - A).tocsr()
"""


def test_sparse_matrices_are_right_in_any_format_and_wrong_where_dense(tmp_path: Path, data_box: Sandbox) -> None:
    course = Course(tmp_path, data_box, SPARSE, SPARSE_SOLVED)

    def only(last: str) -> FunctionGrade:
        return course.only(SPARSE_SOLVED.replace("return (sparse.diags_array(A.sum(axis=0)) - A).tocsr()", last))

    assert course.only(SPARSE_SOLVED).score == 2
    assert only("return sparse.coo_matrix(np.diag(A.toarray().sum(axis=1)) - A.toarray())").score == 2
    dense = only("return np.diag(A.toarray().sum(axis=1)) - A.toarray()")
    assert (dense.score, dense.checks[0].message) == (0, "The result has the wrong type.")
    assert only("return (A - sparse.diags_array(A.sum(axis=0))).tocsr()").checks[0].message == "The values differ."
    full = "L = np.diag(A.toarray().sum(axis=1)) - A.toarray()\n    i, j = np.indices((18, 6)) % 6\n"
    full += "    v = np.zeros((18, 6))\n    v[:6] = L\n"
    full += "    return sparse.coo_array((v.ravel(), (i.ravel(), j.ravel())), shape=(6, 6))"
    assert only(full).checks[0].message == "The sparse matrix stores more entries than it needs."


def test_a_check_in_python_sees_frames_and_hands_them_over(tmp_path: Path, data_box: Sandbox) -> None:
    solved = "import pandas as pd\ndef clean(table):\n    return table.dropna()\n"
    checked = f"""{solved}
from grader.reference import check

@check("clean", title="rows without a hole stay", points=2)
def looks(student, draw):
    table = pd.DataFrame({{"x": draw.normal(6), "t": list("abcdef")}})
    table.loc[[1, 4], "x"] = np.nan
    kept = student.clean(table)
    draw.equal(list(kept["t"]), list("acdf"))
    draw.close(kept["x"].to_numpy(), table["x"].dropna().to_numpy())
"""
    course = Course(tmp_path, data_box, "  clean: {points: 2}\npackages: [numpy, pandas]\n", checked)
    assert course.only(solved).score == 2
    assert course.only(solved.replace("dropna()", "fillna(0)")).score == 0


def test_without_the_package_a_frame_is_no_value(tmp_path: Path, box: Sandbox) -> None:
    course = Course(
        tmp_path,
        box,
        '  f: {points: 1, arguments: {x: "normal(N)"}, checks: [{value: v, points: 1}]}\n',
        "def f(x):\n    return x\n",
    )
    function = course.only("import pandas as pd\ndef f(x):\n    return pd.Series(x)\n")
    assert (function.score, function.checks[0].message) == (0, "The call raised StandInUsed.")


def test_a_frame_as_an_argument_needs_its_package_in_the_rubric(tmp_path: Path, data_box: Sandbox) -> None:
    functions = PANDAS.replace("packages: [numpy, pandas]\n", "")
    with pytest.raises(RubricError, match="table is an object of pandas: say packages: "):
        Course(tmp_path, data_box, functions, PANDAS_SOLVED).grade(PANDAS_SOLVED)


# -- statistics, learning, dynamic programming: as the pages say it -------------------------------------------------

BOOTSTRAP = """\
def bootstrap(x, statistic, count, rng):
    values = []
    for _ in range(count):
        values.append(statistic(rng.choice(x, size=x.size, replace=True)))
    return np.asarray(values)
"""
TD = """\
def td_update(V, episode, rate, discount):
    for state, reward, following in episode:
        V[state] = (1 - rate) * V[state] + rate * (reward + discount * V[following])
"""
EDITS = """\
def edit_distance(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    D[:, 0], D[0] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(len(a)):
        for j in range(len(b)):
            D[i + 1, j + 1] = min(D[i, j + 1] + 1, D[i + 1, j] + 1, D[i, j] + (a[i] != b[j]))
    return D[-1, -1]
"""


@pytest.mark.parametrize(
    ("shape", "right", "old", "new"),
    [
        ("bootstrap", BOOTSTRAP, "replace=True", "replace=False"),
        ("td", TD, "discount * V[following]", "discount * V[state]"),
        ("td", TD, "for state", "V = V.copy()\n    for state"),
        ("edits", EDITS, "D[i, j] + (a[i] != b[j])", "D[i, j] + 1"),
        ("edits", EDITS, "D[:, 0], D[0] = np.arange(len(a) + 1)", "D[:, 0], D[0] = 0"),
    ],
)
def test_a_right_solution_earns_every_point_and_a_wrong_one_none(
    tmp_path: Path, box: Sandbox, shape: str, right: str, old: str, new: str
) -> None:
    texts = files("shape")
    course = Course(tmp_path, box, texts[f"{shape}.yaml"].partition("functions:\n")[2], texts[f"{shape}.py"])
    full, wrong = course.only(right), course.only(right.replace(old, new))
    assert (full.score, wrong.score) == (full.max_score, 0)
