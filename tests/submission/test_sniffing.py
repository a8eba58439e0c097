"""What a file is, its content says: names lie, and what is no source is told as what it is."""

from __future__ import annotations

import bz2
import gzip
import html
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submitting import extracted, folder, notebook, read, read_texts

from grader.submission.collecting import FoundFile, Upload
from grader.submission.reading import open_upload

SOURCE = "import numpy as np\n\n\ndef f(x):\n    # é < & >\n    return 'a < b' if x else np\n\n\n"
SOURCE += "def g(x):\n    return f(x)\n"
NAMES = (
    *("hw.py", "hw.txt", "hw.py.txt", "hw.PY", "hw", "hw.pyw", "hw.ipynb", "hw.ipynb.txt", "hw.ipynb.json", "hw.json"),
    *(
        "hw.zip",
        "hw.tar.gz",
        "hw.docx",
        "hw.7z",
        "hw.rar",
        "hw.html",
        "hw.md",
        "hw.R",
        "hw (1).py",
        "hw.py.gz",
        "hw.png",
    ),
)


def zipped(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return made.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


PLAIN = SOURCE.encode()
#: The same code in every form that can be read.
FORMS: dict[str, bytes] = {
    "a script": PLAIN,
    "a script in UTF-16": SOURCE.encode("utf-16"),
    "a script in UTF-16 without its mark": SOURCE.encode("utf-16-le"),
    "a script with a mark": SOURCE.encode("utf-8-sig"),
    "a script in Latin-1": SOURCE.encode("latin-1"),
    "a notebook": notebook(*SOURCE.split("\n\n\n")).encode(),
    "a notebook with a mark": notebook(SOURCE).encode("utf-8-sig"),
    "a zip": zipped({"a/hw.py": PLAIN}),
    "a zip of a text": zipped({"a/hw.txt": PLAIN}),
    "a zip of a zip": zipped({"sub.bin": zipped({"hw.py": PLAIN})}),
    "a zip of a notebook called json": zipped({"hw.ipynb.json": notebook(SOURCE).encode()}),
    "a tar": tarred({"hw.py": PLAIN}),
    "compressed alone by gzip": gzip.compress(PLAIN),
    "compressed alone by bzip2": bz2.compress(PLAIN),
    "compressed alone by xz": lzma.compress(PLAIN),
    "a compressed notebook": gzip.compress(notebook(SOURCE).encode()),
}


def functions_in(name: str, data: bytes) -> set[str]:
    opened = open_upload(Upload("hw", (FoundFile(name, data),)))
    return set(extracted(opened, "f", "g").entries)


@pytest.mark.parametrize("form", FORMS)
def test_no_name_takes_anything_from_what_can_be_read(form: str) -> None:
    assert {name: functions_in(name, FORMS[form]) for name in NAMES} == {name: {"f", "g"} for name in NAMES}


@given(
    st.text("abcxyz.-_ ()12äPYIN", min_size=1, max_size=20).map(lambda name: f"x{name}"), st.sampled_from(sorted(FORMS))
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_file_is_called_its_functions_are_found(name: str, form: str) -> None:
    assert functions_in(name, FORMS[form]) == {"f", "g"}


def test_what_has_another_name_is_read_with_a_remark_and_what_has_the_right_one_without(tmp_path: Path) -> None:
    for name in ("hw.txt", "hw", "hw.pyw", "hw.ipynb"):
        found = extracted(read(tmp_path / name, {name: SOURCE}), "f")
        assert [note.message for note in found.problems] == ["it holds Python: read as Python"], name
    assert extracted(read(tmp_path, {"hw.py": SOURCE}), "f").problems == ()


# --- what was typed into an LMS ---


def typed(text: str, break_: str = "<br />", blank: str = "&nbsp;") -> str:
    return html.escape(text).replace("\n", break_).replace("  ", f"{blank} ")


PAGES = {
    "Moodle": f'<p dir="ltr" style="text-align: left;">{typed(SOURCE)}</p>',
    "a paragraph for each line": "".join(f"<p>{typed(line)}<br></p>" for line in SOURCE.split("\n")),
    "Canvas": f"<!DOCTYPE html><html><head><title>Ada: HW</title></head><body><h1>HW: Ada</h1><div>{typed(SOURCE)}"
    "</div></body></html>",
    "preformatted": f"<html><body><pre>{html.escape(SOURCE)}</pre></body></html>",
    "with line ends": f"<div>{typed(SOURCE, '<br>' + chr(10))}</div>",
    "Blackboard": f"Name: Ada (ada)\nAssignment: HW\n\nSubmission Field:\n<p>{typed(SOURCE)}</p>\n\nComments:\nNone",
    "Blackboard, plain": f"Name: Ada (ada)\nAssignment: HW\n\nSubmission Field:\n{SOURCE}\n\nComments:\nNone",
}


@pytest.mark.parametrize("page", PAGES)
def test_python_typed_into_a_box_is_read(tmp_path: Path, page: str) -> None:
    name = "box.txt" if page.startswith("Blackboard") else "box.html"
    found = extracted(read(tmp_path, {name: PAGES[page]}), "f", "g")
    assert set(found.entries) == {"f", "g"}
    assert "typed into the LMS's box" in found.problems[0].message
    (text,) = found.modules.values()
    assert "return 'a < b' if x else np" in text


@pytest.mark.parametrize(
    "page", ["<p>Hello, I couldn't finish it</p>", "<p>import numpy</p>", '<a href="https://example.org">x</a>', "<br>"]
)
def test_a_page_without_a_definition_is_told_as_one(tmp_path: Path, page: str) -> None:
    (note,) = read(tmp_path, {"box.html": page}).unread
    assert "a web page, or a text typed into the LMS's box" in note.message


# --- Python inside of another text ---


FENCED = {
    "hw.md": f"# Homework\n\n```python\n{SOURCE}```\n\ntext\n",
    "hw.qmd": f"---\ntitle: x\n---\n\n```{{python}}\n#| echo: false\n{SOURCE}```\n",
    "hw.Rmd": f"```{{r setup}}\nlibrary(reticulate)\n```\n\n```{{python}}\n{SOURCE}```\n",
    "myst.md": f"# A\n\n```{{code-cell}} ipython3\n:tags: [hide]\n{SOURCE}```\n",
    "bare.md": f"Here:\n\n```\n{SOURCE}```\n",
    "tilde.md": f"Here it is:\n\n~~~~python\n{SOURCE}~~~~\n",
    "mail.txt": f"Dear all, here's my work:\n\n```py\n{SOURCE}```\n\nAda\n",
}


@pytest.mark.parametrize("name", FENCED)
def test_the_blocks_of_python_in_markdown_are_read_on_their_lines(tmp_path: Path, name: str) -> None:
    found = extracted(read(tmp_path, {name: FENCED[name]}), "f", "g")
    assert set(found.entries) == {"f", "g"}
    (text,) = found.modules.values()
    number = FENCED[name].split("\n").index("def f(x):")
    assert text.split("\n")[number] == "def f(x):"


MARIMO = '''import marimo

app = marimo.App()

with app.setup:
    import numpy as np


@app.cell
def __(np, mo):
    def f(x):
        """Text of

    several lines."""
        return np.exp(x)

    SCALE = 2
    return (
        f,
        SCALE,
    )


@app.cell(hide_code=True)
def _(
    f,
    SCALE,
):
    g = lambda x: SCALE * f(x)
    return (g,)


@app.function
def h(x):
    return g(x)


if __name__ == "__main__":
    app.run()
'''


@pytest.mark.parametrize("broken", ["", "@app.cell\ndef __(f):\n    x = = f\n    return x,\n\n\n"])
def test_the_cells_of_a_marimo_notebook_are_one_script(tmp_path: Path, broken: str) -> None:
    source = MARIMO.replace("@app.function", f"{broken}@app.function")
    found = extracted(read(tmp_path, {"hw.py": source}), "f", "g", "h")
    assert set(found.entries) == {"f", "g", "h"}
    (text,) = found.modules.values()
    made: dict[str, object] = {}
    exec(compile(text, "hw", "exec"), made)
    assert (made["h"](0.0), made["f"].__doc__) == (2.0, "Text of\n\n    several lines.")  # type: ignore[operator]


def test_scripts_that_notebooks_were_exported_to_are_read(tmp_path: Path) -> None:
    exports = {
        "percent": "# %% [markdown]\n# # Hi\n# %%\n%matplotlib inline\n!pip install numpy\n#\n# %%\nx = = 1\n",
        "colab": 'from google.colab import drive\ndrive.mount("/content/drive")\n!ls\n%cd /content\n#\n',
        "databricks": "# Databricks notebook source\n# MAGIC %md\n# COMMAND ----------\n\n#\n# MAGIC %sql select\n",
    }
    for name, text in exports.items():
        found = extracted(read(tmp_path / name, {"hw.py": text.replace("\n#\n", f"\n{SOURCE}\n")}), "f", "g")
        assert set(found.entries) == {"f", "g"}, name


# --- what can't be read ---


UNREAD: dict[str, tuple[bytes, str]] = {
    "hw.docx": (zipped({"[Content_Types].xml": b"x", "word/document.xml": b"def f(x): return x"}), "a Word document"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Word or Excel document"),
    "hw.odt": (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "a document of"),
    "hw.rtf": (rb"{\rtf1\ansi def f(x): return x}", "a document of a word processor"),
    "hw.pdf": (b"%PDF-1.4\ndef f(x):\n", "a PDF document"),
    "hw.py": (b"%PDF-1.7\n", "a PDF document"),
    "hw.png": (b"\x89PNG\r\n\x1a\n\0", "a PNG image"),
    "hw.ipynb": (b"\xff\xd8\xff\xe0\0", "a JPEG image"),
    "hw.rar": (b"Rar!\x1a\x07\0", "a RAR archive: hand in a zip"),
    "hw.7z": (b"7z\xbc\xaf\x27\x1c\0", "a 7z archive: hand in a zip"),
    "hw.zip": (b"7z\xbc\xaf\x27\x1c\0", "a 7z archive: hand in a zip"),
    "hw.tar.zst": (b"\x28\xb5\x2f\xfd\0", "a Zstandard archive: hand in a zip"),
    "hw.tex": (b"\\documentclass{article}\n\\begin{document}\nx", "a LaTeX document"),
    "hw.R": (b"softmax <- function(x) {\n  exp(x) / sum(exp(x))\n}\n", "R code"),
    "r.py": (b"library(stats)\nf = function(x) { x }\n", "R code"),
    "hw.java": (b"import java.util.*;\npublic class A {\n}\n", "Java code"),
    "hw.m": (b"function y = f(x)\n  y = exp(x);\nend\n", "MATLAB code"),
    "hw.js": (b"function f(x) {\n  return x;\n}\n", "JavaScript code"),
    "hw.cpp": (b"#include <math.h>\nint f(int x) { return x; }\n", "C or C++ code"),
    "hw.jl": (b"function f(x)\n  x\nend\n", "Julia or MATLAB code"),
    "hw.gdoc": (b'{"url": "https://example.org", "doc_id": "x"}', "a link to a document"),
    "hw.webloc": (b'<?xml version="1.0"?>\n<plist></plist>', "an XML file"),
    "hw.url": (b"[InternetShortcut]\nURL=https://example.org", "a link to a web page"),
    "lfs.py": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS"),
    "hw.pyc": (b"\xa7\r\r\n\0\0\0\0\0\0\0\0\0\0\0\0\xe3", "compiled Python"),
    "notes.txt": (b"I could not do it, sorry.\n", "text that isn't Python"),
    "empty.txt": (b" \n", "this file is empty"),
    "cut.ipynb": (notebook(SOURCE).encode()[:-200], "it is cut off"),
    "r.ipynb": (json.dumps({"cells": [], "metadata": {"kernelspec": {"language": "R"}}}).encode(), "it is R"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_no_source_is_told_as_what_it_is(tmp_path: Path, name: str) -> None:
    data, what = UNREAD[name]
    found = read(tmp_path, {name: data})
    assert not any(file.cells for file in found.files)
    assert [what in note.message for note in found.unread] == [True]


@pytest.mark.parametrize("name", UNREAD)
def test_beside_sources_it_costs_nothing(tmp_path: Path, name: str) -> None:
    data, _ = UNREAD[name]
    found = extracted(read_texts(folder(tmp_path, {"q.py": SOURCE, f"more/{name}": data})), "f", "g")
    assert set(found.entries) == {"f", "g"}


def test_notes_and_data_beside_sources_are_not_mentioned(tmp_path: Path) -> None:
    beside: dict[str, str | bytes] = {
        "notes.txt": "def f(x):\n    return 'not this one'\n",
        "README.md": "```python\ndef f(x): return 9\n```\n",
        "requirements.txt": "numpy\nscipy\n",
        "data.csv": "1,2\n",
        "x.npz": zipped({"x.npy": b"\x93NUMPY\1\0"}),
        "digits.gz": gzip.compress(bytes(2_000)),
        "plot.png": b"\x89PNG\r\n\x1a\n\0",
        "report.pdf": b"%PDF-1.4",
        "hw.txt": SOURCE,
    }
    found = extracted(read_texts(folder(tmp_path, {"hw.py": SOURCE, **beside})), "f", "g")
    assert (found.problems, found.left_out, found.remarks, found.unread) == ((), (), {}, ())
    assert {module for module, _ in found.entries.values()} == {"hw"}


def test_a_text_counts_where_no_source_has_the_function(tmp_path: Path) -> None:
    files = {"q1.py": "def f(x):\n    return 1\n", "q2.txt": "from q1 import f\ndef g(x):\n    return f(x)\n"}
    found = extracted(read_texts(folder(tmp_path, files)), "f", "g")
    assert set(found.modules) == {"q1", "q2"}
    assert [(note.where, note.message) for note in found.problems] == [("q2.txt", "it holds Python: read as Python")]
