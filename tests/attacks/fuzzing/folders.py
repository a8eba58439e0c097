"""Hostile class folders: names as LMSs make them of what a student chose, and names that nothing would make."""

from __future__ import annotations

import io
import warnings
import zipfile
from random import Random

from attacks.fuzzing.archives import lying
from attacks.fuzzing.sources import Parts, bytearray_damaged
from classroom.layouts.test_stolen_names import FORMS, OTHERS

#: What a class is called that comes as one file.
ZIP = "class.zip"
_PIECES = (
    "ada", "_", "-", " ", "1234", "12345", "505", "777", "LATE", "hw1.py", ".py", ".ipynb", ".zip", "0", " - ", "~1",
    "..", "(ada)", "_attempt_2026-10-09-17-34-00_", "_assignsubmission_file_", "_question_55_777_", "é", "e\u0301", "²",
    "\u202e", "\n", "\t", "\\", "'", '"', "$(x)", "\x1b[31m", "\udc80", "\udcff", "%s", "{}", "*", "?", ".", "x" * 120,
    "٣", "submission_metadata.yml", "index.html", "submissions", "ps1", "hw1", "section 1", "Late Submissions",
    "timestamp.txt",
)  # fmt: skip
_FILES = (
    "hw1.py",
    "hw1.ipynb",
    "a/hw1.py",
    "hw1.zip",
    "notes.txt",
    "submission_metadata.yml",
    "feedback.txt",
    "hw1.PY",
)
_CONTENTS = (
    b"def f(x): return x\n", b"", b"\0", b"{}", b"PK\3\4", b":submitters:\n- :name: ada\n", b"- 1\n", b"&a [*a]",
    b"\xff\xfe",
    b"Submitted: 2026-10-02\n", b"a: {b: [c, {d: " * 30, b"x,y\n1,2\n",
)  # fmt: skip


def draw(random: Random) -> Parts:
    """Paths from the top of the class folder, and what lies there. A path that ends in a slash is an empty folder."""
    layout = random.choice((*FORMS, "none", "none"))
    names = [*OTHERS[layout], *(form for form in FORMS[layout])] if layout != "none" else ["{}/{}", "{}", "{}"]
    made = {_name(random, random.choice(names)): random.choice(_CONTENTS) for _ in range(random.randint(1, 8))}
    if random.random() < 0.2:
        made |= _of_gradescope(random)
    if random.random() < 0.3:
        top = _piece(random).replace("/", "")[:60] or "x"
        made = {f"{top}/{name}": data for name, data in made.items()}
    return tuple(
        (name, bytearray_damaged(random, data) if random.random() < 0.1 else data) for name, data in made.items()
    )


_VALUES = (
    "ada", "'1234'", "1234", "0042", "~", "''", "[]", "{a: b}", "&x ada", "*x", "!!python/object:os.system x",
    "2026-10-02", '"\\ud800"', '"\\x1b[31m"', "'a\n\n  b'", "<<", "? x", "submission_2", ".nan", "0x10", "1_0",
    "|\n      text",
)  # fmt: skip


def _of_gradescope(random: Random) -> dict[str, bytes]:
    """Its list of submitters, and some of the folders that it names."""
    made, numbers = {}, [random.randint(1, 4) for _ in range(random.randint(0, 4))]
    text = random.choice(("---\n", "---\n", "", "%YAML 1.1\n---\n", "- "))
    for number in numbers:
        made[f"submission_{number}/hw1.py"] = random.choice(_CONTENTS)
        text += f"submission_{number}:\n  :submitters:\n"
        for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
            name, sid, email = (random.choice(_VALUES) for _ in range(3))
            text += f"  - :name: {name}\n    :sid: {sid}\n    :email: {email}\n"
        text += random.choice(("", f"  :created_at: {random.choice(_VALUES)}\n", "  :score: 1.0\n  :history: []\n"))
    data = text.encode(errors="replace")
    return {**made, "submission_metadata.yml": bytearray_damaged(random, data) if random.random() < 0.2 else data}


def draw_zip(random: Random) -> Parts:
    """The same in one zip, as an LMS sends it."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")  # of names that are there already
        for name, data in draw(random):
            info = zipfile.ZipInfo("x")
            info.filename = random.choice(("", "", "", "/", "../", "./", "C:")) + name.encode(errors="replace").decode()
            info.external_attr = random.choice((0o100644,) * 4 + (0o120777, 0)) << 16
            archive.writestr(info, data)
    whole = made.getvalue()
    return ((ZIP, lying(random, whole) if random.random() < 0.2 else whole),)


def _piece(random: Random) -> str:
    return "".join(random.choice(_PIECES) for _ in range(random.randint(1, 5)))


def _name(random: Random, form: str) -> str:
    made = form
    while "{}" in made:
        made = made.replace("{}", _piece(random).replace("{}", "x"), 1)
    ending = random.choice(("", "", "", "/", f"/{random.choice(_FILES)}", f"/{random.choice(_FILES)}"))
    return made + ending
