"""Python 2 is converted in a copy, where that is asked for, and only what is Python 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import GradePath
from submitting import extracted, notebook, read, read_texts

from grader import pipeline
from grader.errors import UsageError
from grader.extraction.python2 import convert
from grader.pipeline import grade
from grader.submission.reading import Submission
from grader.verdict import Verdict

pytestmark = pytest.mark.usefixtures("lent")  # starting a jail takes longer than what is claimed here

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


def test_what_the_converter_cannot_read_stays_as_it_is_and_is_listed(tmp_path: Path) -> None:
    source = "def f():\n    print 'a'\n\n\n# of g\ndef g(:\n    print 'b'\n\ndef h():\n    print 'c'\n"
    (tmp_path / "hw.py").write_text(source)
    found = in_python_3(tmp_path)
    assert found.texts == (source.replace("print 'a'", "print('a')").replace("print 'c'", "print('c')"),)
    assert [(note.where, note.message) for note in found.problems][1:] == [
        ("hw.py, line 6", "what begins here could not be converted to Python 3")
    ]


def test_once_anything_is_python_2_files_that_parse_are_converted_too(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("if __name__ == '__main__':\n    print f(1)\n")
    (tmp_path / "b.py").write_text("def f(x):\n    return map(abs, x)\n")
    assert "list(map(abs, x))" in in_python_3(tmp_path).texts[1]
    (tmp_path / "a.py").write_text("if __name__ == '__main__':\n    print(f(1))\n")
    assert "list(" not in in_python_3(tmp_path).texts[1]


def test_a_stretch_that_is_python_3_already_stays_so(tmp_path: Path) -> None:
    source = "def f():\n    print 'a'\n\ndef g():\n    print('b', end='')\n\ndef h(x):\n    return f'{x}'\n"
    (tmp_path / "hw.py").write_text(source)
    found = in_python_3(tmp_path)
    assert found.texts == (source.replace("print 'a'", "print('a')"),)


OLD = "import numpy as np\n\ndef softmax(x):\n    print 'x', x\n    return x\n"


def test_python_2_throughout_awaits_a_person_who_is_told_of_the_option(tmp_path: Path, grade_path: GradePath) -> None:
    for name, text in (("hw.py", OLD), ("hw.ipynb", notebook(OLD)), ("hw.txt", OLD)):
        (tmp_path / name).write_text(text)
        grade = grade_path(tmp_path / name)
        assert (grade.verdict, grade.reason) == (Verdict.AWAITING, "unreadable"), name
        assert "Python 2 (a print statement)" in grade.problems[-1].message
        assert "--convert-python2" in grade.problems[-1].message


def test_where_a_part_is_python_2_the_report_names_the_option(tmp_path: Path, grade_path: GradePath) -> None:
    (tmp_path / "hw.py").write_text("def softmax(x):\n    return x\n\ndef sigmoid(x):\n    print x\n    return x\n")
    grade = grade_path(tmp_path / "hw.py")
    assert grade.score is not None
    assert any("--convert-python2" in problem.message for problem in grade.problems)


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
    assert sum("converted to Python 3" in problem.message for problem in with_it.problems) == 4


def test_without_the_converter_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'numgrade\[python2\]'"):
        grade(SAMPLE, "cs224n_a1", seed=1, convert_python2=True)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("for i in xrange(3): x = x + i", "xrange"),
        ("x = reduce(max, x)", "reduce"),
        ("x = [v for k, v in x.iteritems()]", "iteritems"),
        ("x = unicode(x)", "unicode"),
    ],
)
def test_whoever_uses_a_name_of_python_2_is_told_of_the_option(tmp_path: Path, line: str, name: str) -> None:
    source = f"def f(x):\n    {line}\n    return x\n"
    (note,) = extracted(read(tmp_path, {"hw.py": source}), "f").problems
    assert note.message.startswith(f"{name} is Python 2: `--convert-python2`")
    own = f"from functools import reduce\nxrange, unicode = range, str\n{source}"
    assert name == "iteritems" or not extracted(read(tmp_path / "2", {"hw.py": own}), "f").problems
