"""What a file is, its content says: names lie, and what is no source is told as what it is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from forms import FENCED, FORMS, MARIMO, PAGES, PREFIXED, SOURCE, UNREAD, zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from submitting import extracted, folder, notebook, read, read_texts

from grader.submission.collecting import FoundFile, Upload
from grader.submission.reading import open_upload

NAMES = [
    *("hw.py", "hw.txt", "hw.py.txt", "hw.PY", "hw", "hw.pyw", "hw.ipynb", "hw.ipynb.txt", "hw.ipynb.json", "hw.json"),
    *("hw.zip", "hw.tar.gz", "hw.docx", "hw.7z", "hw.rar", "hw.html", "hw.md", "hw.R", "hw(1).py", "hw.py.gz", "x.png"),
]


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


@pytest.mark.parametrize("name", PREFIXED)
def test_what_stands_before_each_line_is_taken_off(tmp_path: Path, name: str) -> None:
    found = extracted(read(tmp_path, {name: PREFIXED[name]}), "f", "g")
    assert set(found.entries) == {"f", "g"}
    (text,) = found.modules.values()
    number = next(n for n, line in enumerate(PREFIXED[name].split("\n")) if "def f(x):" in line)
    assert text.split("\n")[number] == "def f(x):"


def test_prompts_in_a_text_of_documentation_are_no_code(tmp_path: Path) -> None:
    source = 'def f(x):\n    """Twice.\n\n>>> def g(x): return x\n>>> f(1)\n2\n"""\n    return x\n'
    found = extracted(read(tmp_path, {"hw.py": source}), "f", "g")
    assert set(found.entries) == {"f"}


@pytest.mark.parametrize("name", FENCED)
def test_the_blocks_of_python_in_markdown_are_read_on_their_lines(tmp_path: Path, name: str) -> None:
    found = extracted(read(tmp_path, {name: FENCED[name]}), "f", "g")
    assert set(found.entries) == {"f", "g"}
    (text,) = found.modules.values()
    number = FENCED[name].split("\n").index("def f(x):")
    assert text.split("\n")[number] == "def f(x):"


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


def test_notes_do_not_stand_for_source_that_cant_be_read(tmp_path: Path) -> None:
    cut = notebook(SOURCE).encode()[:-200]
    found = extracted(read_texts(folder(tmp_path, {"hw.ipynb": cut, "draft.txt": SOURCE})), "f", "g")
    assert found.entries == {}
    assert [note.where for note in found.unread] == ["hw.ipynb"]
    (tmp_path / "handed in" / "hw.ipynb").write_bytes(b"")
    assert set(extracted(read_texts(tmp_path / "handed in"), "f", "g").entries) == {"f", "g"}


def test_a_text_counts_where_no_source_has_the_function(tmp_path: Path) -> None:
    files = {"q1.py": "def f(x):\n    return 1\n", "q2.txt": "from q1 import f\ndef g(x):\n    return f(x)\n"}
    found = extracted(read_texts(folder(tmp_path, files)), "f", "g")
    assert set(found.modules) == {"q1", "q2"}
    assert [(note.where, note.message) for note in found.problems] == [("q2.txt", "it holds Python: read as Python")]
