"""Every row of the page on what can be handed in does what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import GradePath
from docs.pages import PAGES as DOCS
from docs.pages import section
from forms import FENCED, FORMS, MARIMO, PAGES, PREFIXED, SOURCE, UNREAD, zipped
from submitting import extracted, folder, notebook, read, read_texts

from grader.cli import main
from grader.extraction.python2 import convert
from grader.submission.collecting import MAX_ARCHIVE, MAX_LINES, MAX_NOTEBOOK, MAX_SCRIPT

PAGE = "docs/what-can-be-handed-in.md"
Files = Mapping[str, str | bytes]


def rows(title: str) -> list[str]:
    """The first cells of the table below a heading."""
    return re.findall(r"^\| (?!---)(.*?) \|", section(PAGE, title), re.MULTILINE)[1:]


FORMATS: dict[str, list[Files]] = {
    "a script": [{name: SOURCE} for name in ("hw.py", "hw.pyw", "hw.txt", "hw.py.txt", "hw.x", "hw")],
    "a notebook of Jupyter": [
        {name: FORMS["a notebook"]}
        for name in ("hw.ipynb", "hw.ipynb.txt", "hw.ipynb.json", "hw.json", "hw.zip", "hw.py", "hw")
    ],
    "a notebook of marimo": [{"hw.py": MARIMO}],
    "a script that a notebook was exported to": [{"hw.py": f"# %%\n%matplotlib inline\n!pip install x\n{SOURCE}"}],
    "Markdown, Quarto, R Markdown, reStructuredText": [
        {name: text} for name, text in (*FENCED.items(), ("hw.rst", PREFIXED["hw.rst"]))
    ],
    "what was typed into a console of Python or IPython": [
        {name: PREFIXED[name]} for name in ("python.py", "python.txt", "ipython.py")
    ],
    "text typed into an LMS's box": [{"box.html": PAGES["Moodle"]}, {"box.txt": PAGES["Blackboard"]}],
    "a folder": [{"a/f.py": "def f(x):\n    return x\n", "b.py": "from a.f import f\ndef g(x):\n    return f(x)\n"}],
    "an archive: zip, tar, tar.gz, tar.bz2, tar.xz": [
        {name: FORMS[form]} for form in ("a zip", "a tar", "a zip of a zip") for name in ("hw.zip", "hw.py", "hw")
    ],
    "a script or notebook that was compressed alone (gzip, bzip2, xz)": [
        {"hw.gz": FORMS["compressed alone by gzip"]},
        {"hw.py": FORMS["compressed alone by bzip2"]},
        {"hw.py.xz": FORMS["compressed alone by xz"]},
        {"hw.ipynb": FORMS["a compressed notebook"]},
    ],
}


def test_every_format_of_the_page_is_read(tmp_path: Path) -> None:
    assert list(FORMATS) == rows("## Formats")
    for row, examples in FORMATS.items():
        for number, files in enumerate(examples):
            found = extracted(read(tmp_path / row.replace("/", " ") / str(number), files), "f", "g")
            assert set(found.entries) == {"f", "g"}, (row, list(files))


#: Rows of the second table, and what of it is tried: a file, and the words that tell it.
FOUND: dict[str, list[tuple[str, str | bytes, str]]] = {
    "a Word, PDF or Excel document, an image, data": [
        (name, *UNREAD[name]) for name in ("hw.docx", "old.doc", "hw.pdf", "hw.png", "hw.ipynb")
    ],
    "RAR, 7z, Zstandard": [(name, UNREAD[name][0], "hand in a zip") for name in ("hw.rar", "hw.7z", "hw.tar.zst")],
    "R, Java, MATLAB, Julia, JavaScript, C, LaTeX": [
        (name, *UNREAD[name]) for name in ("hw.R", "hw.java", "hw.m", "hw.jl", "hw.js", "hw.cpp", "hw.tex")
    ],
    "a notebook whose kernel is no Python": [("r.ipynb", *UNREAD["r.ipynb"])],
    "a notebook that is cut off, or holds the marks of a merge": [
        ("cut.ipynb", UNREAD["cut.ipynb"][0], "it is cut off (line "),
        ("merge.ipynb", '{"cells": [\n<<<<<<< HEAD\n', "<<<<<<<"),
    ],
    "a damaged archive": [("hw.zip", FORMS["a zip"][:60], "damaged")],
    "a link to a document, a pointer of Git LFS": [("hw.gdoc", *UNREAD["hw.gdoc"]), ("lfs.py", *UNREAD["lfs.py"])],
    "an empty file": [("hw.py", "\n", "this file is empty"), ("hw.txt", "", "this file is empty")],
    "Python 2, and none of the functions in Python 3": [
        ("hw.py", "def softmax(x):\n    print x\n    return x\n", "--convert-python2")
    ],
    "Python that is newer than ours, and none of the functions in ours": [
        ("hw.py", "def softmax(x):\n    print(t'{x}')\n    return x\n", "this needs Python 3.14")
    ],
}


def test_every_row_of_what_cant_be_read_awaits_a_person_who_is_told(tmp_path: Path, grade_path: GradePath) -> None:
    assert list(FOUND) == rows("## What can't be read")
    for number, (row, examples) in enumerate(FOUND.items()):
        for name, data, words in examples:
            top = folder(tmp_path / f"{number} {name}", {name: data})
            grade = grade_path(top / name)
            assert (grade.verdict.value, grade.reason, grade.score) == ("awaiting", "unreadable", None), (row, name)
            assert words in grade.problems[-1].message, (row, name)


def test_good_functions_beside_one_in_a_newer_python_await_a_person_with_it(
    tmp_path: Path, grade_path: GradePath
) -> None:
    good = "def sigmoid_grad(s):\n    return s * (1 - s)\n"
    (tmp_path / "hw.py").write_text(f"{good}def softmax(x):\n    return [*row for row in x]\n")
    grade = grade_path(tmp_path / "hw.py")
    assert (grade.verdict.value, grade.reason, grade.score) == ("awaiting", "unreadable", None)
    assert "softmax can't be read: this needs Python 3.15" in grade.problems[-1].message


def test_an_empty_folder_is_nothing_to_grade_and_the_wrong_file_has_no_points(
    tmp_path: Path, grade_path: GradePath
) -> None:
    (tmp_path / "empty").mkdir()
    assert CliRunner().invoke(main, ["run", str(tmp_path / "empty")]).exit_code == 2
    (tmp_path / "hw.py").write_text("def fib(n):\n    return n\n")
    grade = grade_path(tmp_path / "hw.py")
    assert grade.score == 0
    assert "perhaps the wrong file" in grade.problems[-1].message


BAD_METHOD = (
    "class f:\n    def m(self):\n        return 1\n    def n(self:\n        return 2\ndef g(x):\n    return f\n"
)
ODD = json.loads(notebook(SOURCE))["cells"]
FAULTS: dict[str, tuple[Files, set[str]]] = {
    "a line that doesn't parse, in a script or cell": ({"hw.ipynb": notebook(f"x = = 1\n{SOURCE}y = =\n")}, {"f", "g"}),
    "characters that only look like Python's: curly quotes, spaces of other widths, signs of print, HTML's `&lt;`": (
        {"hw.py": "def f(x):\n\u3000   return x \u2212 1\n\n\u200bdef g(x):\n    return f(\u201ca\u201d) &lt; 2\n"},
        {"f", "g"},
    ),
    "a function that holds comments alone": ({"hw.py": "def g(x):\n    # here\n\ndef f(x):\n    return g\n"}, {"f"}),
    "a method that doesn't parse": ({"hw.py": BAD_METHOD}, {"f", "g"}),
    "a cell without a source, or with one that is no text": (
        {"hw.ipynb": json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": [3]}, {}, *ODD]})},
        {"f", "g"},
    ),
    "a notebook of mixed format versions, with text after its end, in another encoding": (
        {"hw.ipynb": (json.dumps({"nbformat": 4, "worksheets": [{"cells": ODD}]}) + "}").encode("utf-16")},
        {"f", "g"},
    ),
    "a definition in a raw cell, a Markdown cell, a comment or a `%%bash` cell": (
        {"hw.ipynb": notebook("def f(x):\n    return x\n", "%%bash\ndef g(x):\n    return x\n")},
        {"f"},
    ),
}  # fmt: skip


def test_every_fault_costs_what_the_page_says(tmp_path: Path) -> None:
    assert list(FAULTS) == rows("## Faults within a file")
    for number, (row, (files, kept)) in enumerate(FAULTS.items()):
        found = extracted(read(tmp_path / str(number), files), "f", "g")
        assert set(found.entries) == kept, row
    assert found.missing["g"].startswith("g stands in a %%bash cell")


def test_an_archives_names_are_read_as_the_page_says(tmp_path: Path) -> None:
    members = {"C:\\a\\q1.py": b"x = 1", "../q2.py": b"", "/b/q3.py": b"y = 2", "/b/Q3.py": b"z = 3"}
    found = read(tmp_path, {"hw.zip": zipped(members)})
    assert {file.path: file.cells[0].text for file in found.files} == {"a/q1.py": "x = 1", "b/Q3.py": "z = 3"}


def test_files_by_other_names_count_where_no_other_has_the_function(tmp_path: Path) -> None:
    found = extracted(
        read_texts(folder(tmp_path, {"a_notes.txt": SOURCE, "hw1.py": "def f(x):\n    return 1\n"})), "f", "g"
    )
    assert (found.entries["f"][0], found.entries["g"][0]) == ("hw1", "a_notes")


def test_python_2_is_converted_as_the_page_says(tmp_path: Path) -> None:
    files = {"a.py": "print 1\n\ndef f(:\n    pass\n", "b.py": "x = map(abs, y)\n"}
    found = convert(read_texts(folder(tmp_path, files)))
    assert "print(1)" in found.texts[0]
    assert found.texts[1] == "x = list(map(abs, y))\n"
    assert any("could not be converted" in note.message for note in found.problems)


def test_the_limits_that_the_page_names_are_the_limits() -> None:
    text = " ".join(DOCS[PAGE].split())
    assert f"{MAX_SCRIPT >> 10} KiB of code and {MAX_LINES:,} lines in one file" in text
    assert f"{MAX_NOTEBOOK >> 20} MiB for a notebook with its plots, {MAX_ARCHIVE >> 20} MiB for an archive" in text


@pytest.mark.parametrize(
    ("data", "remark"),
    [
        (SOURCE.encode("utf-16"), ""),
        (SOURCE.encode("utf-32"), ""),
        (b"# coding: latin-1\n" + SOURCE.encode("latin-1"), ""),
        (SOURCE.encode("latin-1"), "Latin-1"),
        (SOURCE.replace("é", "“").encode("cp1252"), "Windows-1252"),
    ],
)
def test_encodings_are_read_as_the_page_says(tmp_path: Path, data: bytes, remark: str) -> None:
    submission = read(tmp_path, {"hw.py": data})
    assert set(extracted(submission, "f", "g").entries) == {"f", "g"}
    assert [remark in note.message for note in submission.problems] == [True] * bool(remark)
