"""What was handed in is found, read as a person would read it, and never trusted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import v3, v4
from submitting import folder, notebook, read, read_texts
from unmeasured import environment

from grader.errors import UsageError
from grader.submission.reading import SourceCell
from grader.upload import read_submission


def problems(root: Path, content: str | bytes, name: str = "hw.py") -> list[tuple[str, str]]:
    return [(problem.where, problem.message) for problem in read(root, {name: content}).problems]


# --- nothing to grade ---


def test_no_such_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        read_submission(tmp_path / "nowhere.py")


def test_a_name_that_no_system_has_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_submission(Path("a\0b.py"))


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to grade"):
        read_submission(tmp_path)


@pytest.mark.parametrize("left", [".DS_Store", "__MACOSX/._hw.py", "desktop.ini", ".git/HEAD"])
def test_a_folder_with_only_what_systems_leave_behind_is_wrong_usage_and_says_what(tmp_path: Path, left: str) -> None:
    place = tmp_path / "ada" / left
    place.parent.mkdir(parents=True)
    place.write_text("x")
    with pytest.raises(UsageError, match=f"nothing to grade: .*only '{left.partition('/')[0]}'"):
        read_submission(tmp_path / "ada")


def test_a_pipe_is_wrong_usage_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hw.py")
    with pytest.raises(UsageError, match="neither a regular file nor a folder"):
        read_submission(tmp_path / "hw.py")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("x = 1")
    (tmp_path / "hw.py").symlink_to(tmp_path / "secret.py")
    with pytest.raises(UsageError, match=r"is a link.*secret\.py itself"):
        read_submission(tmp_path / "hw.py")


def test_a_file_that_may_not_be_read_is_wrong_usage(tmp_path: Path) -> None:
    """Root may read everything, so as root the claim is made by another user's process."""
    file = tmp_path / "hw.py"
    file.write_text("x = 1")
    file.chmod(0)
    code = (
        "import os, sys; from pathlib import Path; from grader.upload import read_submission, UsageError\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setuid(65534)\n"
        "try: read_submission(Path('hw.py'))\n"
        "except UsageError as error: print(error)\n"
    )
    tmp_path.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "hw.py: it can't be read: Permission denied\n"


# --- scripts ---


def test_a_script_is_one_cell_without_a_number(tmp_path: Path) -> None:
    (file,) = read(tmp_path, {"hw.py": "x = 1\n"}).files
    assert (file.path, file.module, file.cells) == ("hw.py", "hw", (SourceCell(None, "x = 1\n"),))


def test_the_name_of_a_submission_is_that_of_its_file_or_folder(tmp_path: Path) -> None:
    top = folder(tmp_path, {"hw.py": "x = 1"})
    assert (read_submission(top).name, read_submission(top / "hw.py").name) == ("handed in", "hw.py")


def test_an_empty_file_is_graded_and_said_to_be_empty(tmp_path: Path) -> None:
    submission = read(tmp_path, {"hw.py": " \n"})
    assert submission.files[0].cells == ()
    assert [problem.message for problem in submission.unread] == ["this file is empty"]


def test_an_empty_file_that_makes_a_folder_a_package_is_no_problem(tmp_path: Path) -> None:
    submission = read(tmp_path, {"code/__init__.py": "", "code/q1.py": "x = 1"})
    assert (submission.texts, submission.problems, submission.unread) == (("x = 1",), (), ())


def test_a_file_of_blank_unicode_is_graded(tmp_path: Path) -> None:
    assert read(tmp_path, {"hw.py": "\ufeff\n"}).problems == ()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = 1", "x = 1"),
        ("x = 'é'".encode("utf-16"), "x = 'é'"),
        ("x = 'é'".encode("utf-32"), "x = 'é'"),
        ("\ufeffx = 'é'".encode("utf-16-be"), "x = 'é'"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'", "# -*- coding: latin-1 -*-\nx = 'é'"),
        (b"#!/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'", None),
        (b"x = 1\r\ny = 2\rz = 3\n", "x = 1\ny = 2\nz = 3\n"),
        (b"x = 1\n\x0cy = 2\n", "x = 1\n\x0cy = 2\n"),
    ],
)
def test_encodings_that_python_reads_are_read_without_a_word(tmp_path: Path, data: bytes, text: str | None) -> None:
    submission = read(tmp_path, {"hw.py": data})
    assert submission.problems == ()
    assert submission.texts == (text or "#!/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'",)


def test_a_file_that_isnt_utf8_is_read_as_latin_1_and_the_byte_is_named(tmp_path: Path) -> None:
    submission = read(tmp_path, {"hw.py": b"x = 1\n# caf\xe9\n"})
    assert submission.texts == ("x = 1\n# café\n",)
    assert submission.problems[0].where == "hw.py, line 2"
    assert "byte 0xe9" in submission.problems[0].message


def test_a_byte_that_the_cookie_forbids_is_named(tmp_path: Path) -> None:
    ((where, message),) = problems(tmp_path, b"# coding: ascii\nx = '\xe9'\n")
    assert (where, "byte 0xe9 isn't ascii" in message) == ("hw.py, line 2", True)


@pytest.mark.parametrize(
    "cookie", ["utf8mb4", "rot13", "zip", "idna", "punycode", "undefined", "base64", "unicode_escape"]
)
def test_an_unknown_encoding_is_named_with_its_line(tmp_path: Path, cookie: str) -> None:
    submission = read(tmp_path, {"hw.py": f"\n# coding: {cookie}\nx = 1\n"})
    assert submission.problems[0].where == "hw.py, line 2"
    assert cookie in submission.problems[0].message
    assert submission.files[0].cells, "it is UTF-8 all the same"


def test_an_unknown_encoding_over_bytes_that_arent_utf8_leaves_the_file_out(tmp_path: Path) -> None:
    submission = read(tmp_path, {"hw.py": b"# coding: klingon\nx = '\xe9'\n"})
    assert submission.files[0].cells == ()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bytes(range(256)), "line 1: there is a NUL byte"),
        (b"x = 1\ny = \0\n", "line 2: there is a NUL byte"),
        (b"\xff\xfex", "line 1: byte 0x78 isn't UTF-16"),
        (b"\x7fELF\x02\x01\x01", "a compiled program"),
    ],
)
def test_binary_junk_is_no_source_and_it_is_said_why(tmp_path: Path, data: bytes, why: str) -> None:
    submission = read(tmp_path, {"hw.py": data})
    assert submission.files[0].cells == ()
    assert [why in note.message for note in submission.unread] == [True]


@pytest.mark.parametrize("source", ["x=1\n" * 10_001, "x=1;" * 10_001])
def test_a_script_of_more_statements_than_anyone_writes_is_left_out(tmp_path: Path, source: str) -> None:
    submission = read(tmp_path, {"hw.py": source})
    assert submission.files[0].cells == ()
    assert "more than 10000 lines" in submission.problems[0].message


def test_a_script_too_large_to_parse_is_left_out(tmp_path: Path) -> None:
    submission = read(tmp_path, {"hw.py": b"x=1\n" * 100_000})
    assert submission.files == ()
    assert "larger than 256 KiB" in submission.problems[0].message


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_graded(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as root:
        for name in ("hw.py", "hw.ipynb", "hw.zip", "hw.tar"):
            (file := Path(root) / name).write_bytes(data)
            try:
                submission = read_texts(file)
            except UsageError:  # an archive with nothing in it
                continue
            assert submission.problems or any(source.cells for source in submission.files)
            assert "".join(submission.texts).encode() is not None


# --- notebooks ---


def test_the_cells_of_a_notebook_are_counted_as_a_person_scrolling_counts(tmp_path: Path) -> None:
    cells = [v4.new_markdown_cell("#"), v4.new_code_cell("x = 1"), v4.new_raw_cell("r"), v4.new_code_cell("y = 2")]
    (file,) = read(tmp_path, {"hw.ipynb": nbformat.writes(v4.new_notebook(cells=cells))}).files
    assert file.cells == (SourceCell(2, "x = 1"), SourceCell(4, "y = 2"))


def test_a_notebook_of_format_3_is_read(tmp_path: Path) -> None:
    sheet = v3.new_worksheet(
        cells=[v3.new_heading_cell("Homework"), v3.new_code_cell("x = 1\ny = 2"), v3.new_text_cell("markdown", "hi")]
    )
    more = v3.new_worksheet(cells=[v3.new_code_cell("z = 3")])
    (file,) = read(tmp_path, {"hw.ipynb": v3.writes_json(v3.new_notebook(worksheets=[sheet, more]))}).files
    assert file.cells == (SourceCell(2, "x = 1\ny = 2"), SourceCell(4, "z = 3"))


def test_a_notebook_with_long_code_is_left_out(tmp_path: Path) -> None:
    submission = read(tmp_path, {"hw.ipynb": notebook(*["x = '" + "1" * 200_000 + "'"] * 2)})
    assert submission.files[0].cells == ()
    assert "code is longer" in submission.problems[0].message


def test_a_notebook_that_isnt_json_is_graded_and_the_place_is_named(tmp_path: Path) -> None:
    ((where, message),) = problems(tmp_path, '{"cells": [\n x]}', "hw.ipynb")
    assert where == "hw.ipynb"
    assert "isn't JSON (line 2" in message


def test_faked_ids_and_outputs_in_a_notebook_change_nothing(tmp_path: Path) -> None:
    faked = json.loads(notebook("x = 1"))
    faked["metadata"] = {"nbgrader": {"points": 100}, "deep": [[[{"score": 1}]]]}
    faked["cells"][1]["metadata"] = {"nbgrader": {"grade": True, "grade_id": "softmax", "points": 100}}
    faked["cells"][1]["outputs"] = [{"output_type": "stream", "text": "100 %", "name": 17}]
    (file,) = read(tmp_path, {"hw.ipynb": json.dumps(faked)}).files
    assert file.cells == (SourceCell(2, "x = 1"),)


# --- names of modules ---


@pytest.mark.parametrize(
    ("paths", "modules"),
    [
        (["q1.py", "part 2/q2.py"], ["q1", "q2"]),
        (["a/q1.py", "b/q1.py", "c.py"], ["c", "a.q1", "b.q1"]),
        (["hw.ipynb", "hw.py"], ["hw", "hw_2"]),
        (["hw 1 (2).py", "class.py", "3d.py"], ["_3d", "_class", "hw_1__2_"]),
        (["utils/__init__.py", "utils/data.py"], ["utils", "data"]),
        (["my.solution.py", "x.py"], ["my_solution", "x"]),
    ],
)
def test_module_names_are_unique_and_can_be_written_in_an_import(
    tmp_path: Path, paths: list[str], modules: list[str]
) -> None:
    files = {path: notebook("x = 1") if path.endswith("ipynb") else "x = 1" for path in paths}
    assert [file.module for file in read(tmp_path, files).files] == modules


def test_texts_are_those_of_all_cells_in_order(tmp_path: Path) -> None:
    assert read(tmp_path, {"a.py": "x = 1", "b.ipynb": notebook("y", "z")}).texts == ("x = 1", "y", "z")


def test_reading_a_script_loads_no_notebook_and_no_archive_library(tmp_path: Path) -> None:
    file = folder(tmp_path, {"hw.py": "x = 1"}) / "hw.py"
    code = (
        "import sys; from pathlib import Path; from grader.upload import read_submission\n"
        "from grader.submission.reading import open_upload\n"
        f"open_upload(read_submission(Path({str(file)!r})))\n"
        "print(sorted({'nbformat', 'zipfile', 'tarfile', 'json', 'numpy'} & set(sys.modules)))\n"
    )
    where = {**environment(), "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=where)
    assert done.stdout == "[]\n"


def test_a_notebook_called_py_is_read_as_the_notebook_that_it_is(tmp_path: Path) -> None:
    submission = read(tmp_path, {"hw.py": notebook("x = 1", "y = 2")})
    assert submission.texts == ("x = 1", "y = 2")
    assert submission.files[0].remark == "this is a notebook: its name should end in .ipynb"


def test_a_script_that_begins_with_a_dictionary_is_a_script(tmp_path: Path) -> None:
    source = '{"cells": 1}\nx = 1\n'
    submission = read(tmp_path, {"hw.py": source})
    assert (submission.texts, submission.problems) == ((source,), ())


def test_a_script_that_a_cell_writes_is_a_file_of_the_submission(tmp_path: Path) -> None:
    cells = (
        "%%writefile helpers.py\nx = 1",
        "%%writefile 'code/helpers.py'\nx = 2",
        "%%writefile -a helpers.py\ny = 3",
    )
    submission = read(tmp_path, {"hw.ipynb": notebook(*cells)})
    assert [file.path for file in submission.files] == ["hw.ipynb", "helpers.py"]
    assert submission.files[1].cells == (SourceCell(3, "\nx = 2"),), "lines stay where they were in the cell"


def test_a_file_that_was_handed_in_counts_for_more_than_a_cell_that_writes_it(tmp_path: Path) -> None:
    files = {"hw.ipynb": notebook("%%writefile helpers.py\nx = 1"), "helpers.py": "x = 2"}
    submission = read(tmp_path, files)
    assert [file.cells[0].text for file in submission.files if file.path == "helpers.py"] == ["x = 2"]
