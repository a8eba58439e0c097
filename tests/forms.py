"""The same code in every form that can be handed in, and what can't be read."""

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

from submitting import notebook

SOURCE = "import numpy as np\n\n\ndef f(x):\n    # é < & >\n    return 'a < b' if x else np\n\n\n"
SOURCE += "def g(x):\n    return f(x)\n"


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
    "a notebook whose lines have no ends": json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": "code", "source": SOURCE.split("\n")}, {"source": ["x = 1", "y"]}]}
    ).encode(),
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


def typed(text: str, break_: str = "<br />", blank: str = "&nbsp;") -> str:
    return html.escape(text).replace("\n", break_).replace("  ", f"{blank} ")


PAGES = {
    "Moodle": f'<p dir="ltr" style="text-align: left;">{typed(SOURCE)}</p>',
    "a paragraph for each line": "".join(f"<p>{typed(line)}<br></p>" for line in SOURCE.split("\n")),
    "Canvas": f"<!DOCTYPE html><html><head><title>Ada: HW</title></head><body><h1>HW: Ada</h1><div>{typed(SOURCE)}"
    "</div></body></html>",
    "preformatted": f"<html><body><pre>{html.escape(SOURCE)}</pre></body></html>",
    "breaks alone": typed(SOURCE, "<br />"),
    "breaks and line ends": typed(SOURCE, "<br/>" + chr(13) + chr(10)),
    "with line ends": f"<div>{typed(SOURCE, '<br>' + chr(10))}</div>",
    "Blackboard": f"Name: Ada (ada)\nAssignment: HW\n\nSubmission Field:\n<p>{typed(SOURCE)}</p>\n\nComments:\nNone",
    "Blackboard, plain": f"Name: Ada (ada)\nAssignment: HW\n\nSubmission Field:\n{SOURCE}\n\nComments:\nNone",
}


FENCED = {
    "hw.md": f"# Homework\n\n```python\n{SOURCE}```\n\ntext\n",
    "hw.qmd": f"---\ntitle: x\n---\n\n```{{python}}\n#| echo: false\n{SOURCE}```\n",
    "hw.Rmd": f"```{{r setup}}\nlibrary(reticulate)\n```\n\n```{{python}}\n{SOURCE}```\n",
    "myst.md": f"# A\n\n```{{code-cell}} ipython3\n:tags: [hide]\n{SOURCE}```\n",
    "bare.md": f"Here:\n\n```\n{SOURCE}```\n",
    "tilde.md": f"Here it is:\n\n~~~~python\n{SOURCE}~~~~\n",
    "mail.txt": f"Dear all, here's my work:\n\n```py\n{SOURCE}```\n\nAda\n",
}


def prompted(first: str, others: str, result: str) -> str:
    """What a console shows of it: a prompt before each line, and what comes of a call."""
    lines = [f"{others if line.startswith(' ') else first}{line}" for line in SOURCE.split("\n") if line]
    return "\n".join([*lines, f"{first}f(0)", result, ""])


#: Python with something before each of its lines, each in a file of this name.
PREFIXED = {
    "python.py": prompted(">>> ", "... ", "<module 'numpy'>"),
    "python.txt": "Python 3.12.1 on linux\n" + prompted(">>> ", "... ", "array([1, 2])\n\n"),
    "ipython.py": prompted("In [12]: ", "   ...: ", "Out[12]: <module 'numpy'>"),
    "databricks.py": "# Databricks notebook source\n# MAGIC %md\n# MAGIC def of f\n\n# MAGIC %python\n"
    + "".join(f"# MAGIC {line}\n" if line else "# MAGIC\n" for line in SOURCE.split("\n"))
    + "\n# COMMAND ----------\n# MAGIC %sql select 1\n",
    "hw.rst": "Homework\n========\n\n.. code-block:: python\n   :linenos:\n\n"
    + "".join(f"   {line}\n" if line else "\n" for line in SOURCE.split("\n"))
    + "\nThe end\n",
}


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
