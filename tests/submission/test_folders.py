"""A folder is walked through without following, opening or waiting for what isn't a regular file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from submitting import folder, notebook, read_texts

from grader.submission.collecting import read_regular
from grader.submission.reading import Submission


def said(submission: Submission) -> dict[str, str]:
    return {problem.where: problem.message for problem in submission.problems}


def paths(submission: Submission) -> list[str]:
    return [file.path for file in submission.files]


def test_files_come_in_order_of_their_names_before_the_folders(tmp_path: Path) -> None:
    files = ["z.py", "a/q2.py", "a/b c/q3.py", "a.py", "B/q1.py"]
    assert paths(read_texts(folder(tmp_path, dict.fromkeys(files, "x = 1")))) == [
        "a.py",
        "z.py",
        "B/q1.py",
        "a/q2.py",
        "a/b c/q3.py",
    ]


def test_caches_checkpoints_and_environments_are_passed_over(tmp_path: Path) -> None:
    others = [
        ".ipynb_checkpoints/hw-checkpoint.ipynb",
        "__pycache__/hw.cpython-311.py",
        "__MACOSX/._hw.py",
        ".hidden.py",
        ".git/hooks/x.py",
        "venv/lib/x.py",
        "my env/lib/x.py",
        "my env/pyvenv.cfg",
        "lib/site-packages/numpy/__init__.py",
    ]
    submission = read_texts(folder(tmp_path, {"hw.py": "x = 1", **dict.fromkeys(others, "x = 1")}))
    assert (paths(submission), submission.problems) == (["hw.py"], ())


def test_notebooks_scripts_and_archives_in_a_folder_are_all_read(tmp_path: Path) -> None:
    submission = read_texts(folder(tmp_path, {"a.ipynb": notebook("x"), "b.PY": "y", "c.zip": b"junk"}))
    assert submission.texts == ("x", "y")
    assert "c.zip" in said(submission)


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("x = 1")
    top = folder(tmp_path, {"hw.py": "y = 2"})
    (top / "link.py").symlink_to(tmp_path / "secret.py")
    (top / "out").symlink_to(tmp_path)
    (top / "loop").symlink_to(top)
    submission = read_texts(top)
    assert submission.texts == ("y = 2",)
    assert set(said(submission)) == {"link.py", "loop", "out"}
    assert all("link" in message for message in said(submission).values())


def test_pipes_and_sockets_are_named_and_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = folder(tmp_path, {"hw.py": "y = 2"})
    os.mkfifo(top / "pipe.py")
    monkeypatch.chdir(top)  # the name of a socket may have 108 characters
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.py")
        submission = read_texts(top)
    assert said(submission) == dict.fromkeys(["pipe.py", "socket.py"], "left out: it is not a regular file")


def test_a_pipe_put_in_place_of_a_file_after_the_check_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(OSError, match="not a regular file"):
        read_regular(tmp_path / "pipe.py", 10)


def test_a_link_put_in_place_of_a_file_after_the_check_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "hw.py").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        read_regular(tmp_path / "hw.py", 10)


def test_no_more_than_the_cap_is_read(tmp_path: Path) -> None:
    (tmp_path / "big.py").write_bytes(b"x" * 100)
    assert read_regular(tmp_path / "big.py", 10) == b"x" * 11


def test_a_folder_of_folders_without_end_is_given_up(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 30)
    submission = read_texts(folder(tmp_path, {"hw.py": "x = 1", f"{deep}/far.py": "y = 2"}))
    assert paths(submission) == ["hw.py"]
    assert "more than 16 folders deep" in next(iter(said(submission).values()))


def test_too_many_sources_are_named_and_left_out(tmp_path: Path) -> None:
    submission = read_texts(folder(tmp_path, {f"{number:04}.py": "x = 1" for number in range(310)}))
    assert len(submission.files) == 300
    assert len(submission.problems) == 10


def test_twenty_thousand_files_of_data_dont_hide_the_source(tmp_path: Path) -> None:
    top = folder(tmp_path, {"zz/hw.py": "x = 1"})
    first = top / "0.dat"
    first.touch()
    data = top / "data"
    data.mkdir()
    for number in range(100):
        (data / str(number)).mkdir()
    for number in range(20_000):
        os.link(first, data / str(number % 100) / f"{number}.dat")
    submission = read_texts(top)
    assert (paths(submission), submission.problems) == (["zz/hw.py"], ())
