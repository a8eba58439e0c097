"""Python 2 is converted in a copy, where that is asked for, and only what is Python 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from submitting import read_texts

from grader import pipeline
from grader.errors import UsageError
from grader.extraction.python2 import convert
from grader.pipeline import grade
from grader.submission.reading import Submission
from grader.verdict import Verdict

SAMPLE = Path(__file__).parent.parent.parent / "sample_submissions" / "cs224n_a1" / "python_2" / "submission"


def in_python_3(path: Path) -> Submission:
    return convert(read_texts(path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a', 1\n", "print('a', 1)\n"),
        ("for i in xrange(3):\n    f(i)\n", "for i in range(3):\n    f(i)\n"),
        ("try:\n    f()\nexcept ValueError, e:\n    raise TypeError, 'no'\n", "except ValueError as e:"),
        ("if True:\n        a = 1\n\tb = 2\n", "        b = 2"),
        ("for k, v in d.iteritems():\n    print k\n", "in d.items():"),
        ("print 'no newline at the end'", "print('no newline at the end')"),
    ],
)
def test_old_syntax_and_old_names_become_new_ones(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "hw.py"
    path.write_text(old)
    found = in_python_3(path)
    assert new in found.texts[0]
    assert ["converted to Python 3 in a copy" in problem.message for problem in found.problems] == [True]
    assert path.read_text() == old


@pytest.mark.parametrize(
    "text", ["print('a', 'b')\n", "def f(:\n", "x = '\u00e9' # print it\n", "", "def f():\n\treturn 1\n", "1 / 2\n"]
)
def test_nothing_else_is_touched(tmp_path: Path, text: str) -> None:
    (tmp_path / "hw.py").write_text(text, encoding="utf-8")
    before = read_texts(tmp_path)
    assert in_python_3(tmp_path) == before


def test_what_the_converter_cannot_read_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text("print 'a'\ndef f(:\n")
    before = read_texts(tmp_path)
    assert in_python_3(tmp_path) == before


def test_cells_of_a_notebook_are_converted_one_by_one(tmp_path: Path) -> None:
    cells = ["x = 1\n", "%matplotlib inline\nprint x\n", "print(x)\n"]
    document = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}}
    document["cells"] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text} for text in cells
    ]
    path = tmp_path / "hw.ipynb"
    path.write_text(json.dumps(document))
    found = in_python_3(path)
    assert [text.strip() for text in found.texts] == ["x = 1", "pass\nprint(x)", "print(x)"]
    assert [problem.where for problem in found.problems] == ["hw.ipynb, cell 2"]


def test_a_whole_submission_of_python_2_gets_the_grade_that_it_deserves() -> None:
    without = grade(SAMPLE, "cs224n_a1", seed=1)
    assert without.verdict is Verdict.PARTLY
    with_it = grade(SAMPLE, "cs224n_a1", seed=1, convert_python2=True)
    assert (with_it.verdict, with_it.score) == (Verdict.PASSED, 108)
    assert sum("converted to Python 3" in problem.message for problem in with_it.problems) == 3


def test_without_the_converter_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'numgrade\[python2\]'"):
        grade(SAMPLE, "cs224n_a1", seed=1, convert_python2=True)
