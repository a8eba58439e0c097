"""What a file is, by its content: names lie, and systems hide the suffix that they add.

Bytes are looked at by what they begin with, texts by their lines; nothing is parsed here but text without a name that
says Python.
"""

from __future__ import annotations

import ast
import re

from .patterns import late

BEGINNING = 4096  #: bytes at the beginning of a file, which tell what it is

_PACKED = ((b"PK\3\4", "zip"), (b"PK\5\6", "zip"), (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"))
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")

_ITSELF = "hand in the .py or .ipynb file itself"
_AS_ZIP = "hand in a zip"
_OTHERS = (
    (b"%PDF", "a PDF document", _ITSELF),
    (b"{\\rtf", "a document of a word processor (RTF)", _ITSELF),
    (b"\xd0\xcf\x11\xe0", "a Word or Excel document of an old version", _ITSELF),
    (b"\x89PNG", "a PNG image", _ITSELF),
    (b"\xff\xd8\xff", "a JPEG image", _ITSELF),
    (b"GIF8", "a GIF image", _ITSELF),
    (b"Rar!", "a RAR archive", _AS_ZIP),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _AS_ZIP),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _AS_ZIP),
    (b"\x1f\x9d", "an archive of an old kind (.Z)", _AS_ZIP),
    (b"\x7fELF", "a compiled program", _ITSELF),
    (b"MZ\x90\0", "a program for Windows", _ITSELF),
    (b"\x93NUMPY", "an array of numpy", _ITSELF),
    (b"\x89HDF", "data in HDF5", _ITSELF),
    (b"MATLAB 5.0 MAT-file", "data of MATLAB", _ITSELF),
    (b"SQLite format 3", "a database", _ITSELF),
    (b"bplist00", "a property list of macOS", _ITSELF),
    (b"\0\5\x16\7", "what a Mac keeps beside a file, and not the file", _ITSELF),
    (b"L\0\0\0\1\x14\2\0", "a link to a file on a computer with Windows", _ITSELF),
    (b"\x80\4\x95", "pickled data", _ITSELF),
    (b"version https://git-lfs.github.com/", "a pointer of Git LFS, and not the file", _ITSELF),
    (b"[InternetShortcut]", "a link to a web page", _ITSELF),
)
#: Zip files that aren't archives to anybody, by what stands in the first of their members' names.
_DOCUMENTS = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel document"),
    (b"ppt/", "a PowerPoint document"),
    (b"mimetypeapplication/vnd.oasis", "a document of LibreOffice"),
    (b"Index/", "a document of Pages, Numbers or Keynote"),
)
_FIRST_IN_DOCUMENTS = frozenset(
    (b"[Content_Types].xml", b"mimetype", b"_rels/.rels", b"word/document.xml", b"xl/workbook.xml")
)

#: Lines that no other language has.
_PYTHON = late(
    r"^[ \t]*(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*[(\[]"
    r"|class[ \t]+\w+[ \t]*(?:\([^()\n]*\))?:[ \t]*(?:#.*)?$"
    r"|import[ \t]+[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*$"
    r"|from[ \t]+[\w.]+[ \t]+import\b"
    r"|\w+[ \t]*=[ \t]*lambda\b)",
    re.MULTILINE,
)
_DEFINES = late(r"^[ \t]*(?:(?:async[ \t]+)?def[ \t]+\w|class[ \t]+\w|\w+[ \t]*=[ \t]*lambda\b)", re.MULTILINE)
_LANGUAGES = (
    (late(r"^\s*<\?xml|^\s*<!DOCTYPE plist"), "an XML file"),
    (late(r"^[ \t]*\\(?:documentclass|begin\{|usepackage)", re.MULTILINE), "a LaTeX document"),
    (late(r"(?:<-|=)[ \t]*function[ \t]*\(|^[ \t]*library\(\w+\)|^\w+[ \t]*<-[ \t]*\S", re.MULTILINE), "R code"),
    (late(r"^[ \t]*#[ \t]*include[ \t]*[<\"]", re.MULTILINE), "C or C++ code"),
    (late(r"^[ \t]*(?:public|private)[ \t]+(?:static|class|final)\b|^import[ \t]+java", re.M), "Java code"),
    (late(r"^[ \t]*function\b[^=\n(]*=[ \t]*\w+|^[ \t]*%[^\n]*\n[ \t]*function\b", re.MULTILINE), "MATLAB code"),
    (late(r"^[ \t]*(?:const|let|var)[ \t]+\w+[ \t]*=|^[ \t]*function[ \t]+\w+\([^)\n]*\)[ \t]*\{", re.MULTILINE),
     "JavaScript code"),
    (late(r"^[ \t]*function[ \t]+\w+\(|^using[ \t]+\w+[ \t]*$", re.MULTILINE), "Julia or MATLAB code"),
    (late(r"^[ \t]*\w+[ \t]*=[^=\n]*;[ \t]*(?:%.*)?$", re.MULTILINE), "MATLAB code"),
    (late(r"^#![^\n]*\b(?:sh|bash|zsh|perl|ruby)\b"), "a script of another language"),
)  # fmt: skip
_LINK = late(r"^\s*\{\s*\"(?:url|doc_id|resource_id)\"")


def packing_of(data: bytes) -> str:
    """How a file is packed: "zip", "tar", "gzip", "bzip2" or "xz", by its first bytes; "" for all else."""
    if describe_bytes(data[:BEGINNING]):
        return ""
    if data[257:262] == b"ustar":
        return "tar"
    return next((packing for magic, packing in _PACKED if data.startswith(magic)), "")


def describe_bytes(data: bytes) -> str:
    """What a file is that holds no source that can be read, and what to do: "a 7z archive: hand in a zip"; else ""."""
    for magic, what, advice in _OTHERS:
        if data.startswith(magic):
            return f"{what}: {advice}"
    if data.startswith(b"PK\3\4"):
        found = _zip_of_a_program(data)
        return f"{found}: {_ITSELF}" if found else ""
    if data[2:4] == b"\r\n" and b"\0" in data[:16]:
        return f"compiled Python: {_ITSELF}"
    return ""


def _zip_of_a_program(data: bytes) -> str:
    """What a zip is that nobody takes for an archive, by its first member's name; else ""."""
    name = data[30 : 30 + int.from_bytes(data[26:28], "little")]
    if name.endswith(b".npy"):
        return "arrays of numpy"
    if name.endswith((b"/data.pkl", b"/.format_version")):
        return "a model of PyTorch"
    if name in _FIRST_IN_DOCUMENTS or name.startswith((b"docProps/", b"Index/Document.iwa")):
        return next((what for mark, what in _DOCUMENTS if mark in data), "a document of an office program")
    return ""


def may_hold_the_work(what: str) -> bool:
    """Whether a file that was told as this may be the work itself; reports, images and data lie beside it."""
    return what.startswith(("a Word", "a document of a word", "a RAR", "a 7z", "a Zstandard", "an archive"))


def is_binary(beginning: bytes) -> bool:
    """Whether a file that begins so is no text."""
    begin = beginning[:BEGINNING]
    if begin.startswith(_BYTE_ORDER_MARKS) or packing_of(begin):
        return False
    return bool(describe_bytes(begin)) or (b"\0" in begin and not utf16_without_mark(begin))


def utf16_without_mark(data: bytes) -> str:
    """The encoding of a text of mostly ASCII letters in two bytes each, where nothing else says so; else ""."""
    begin = data[: min(len(data), 512) & ~1]
    if len(begin) >= 8:
        for encoding, zeros in (("utf-16-le", begin[1::2]), ("utf-16-be", begin[::2])):
            if zeros.count(0) > 0.9 * len(zeros) and begin.count(0) < 0.6 * len(begin):
                return encoding
    return ""


def may_be_notebook(beginning: bytes) -> bool:
    """Whether a file that begins so may be JSON."""
    plain = beginning[:BEGINNING].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return plain.startswith(b"{")


def is_notebook(text: str) -> bool:
    """Whether a text is a notebook, or was meant as one; a script may begin with a dictionary."""
    begin = text.lstrip("\ufeff \t\r\n")
    return begin.startswith("{") and any(key in begin for key in ('"cells"', '"worksheets"', '"nbformat"'))


def is_python(text: str) -> bool:
    """Whether a text whose name doesn't say so is Python: it has lines that only Python has, or parses and binds."""
    if _PYTHON.search(text):
        return True
    body = parsed(text)
    return bool(body) and any(isinstance(node, ast.Assign) for node in body) and describe_text(text) == ""


def defines(text: str) -> bool:
    """Whether there is a definition in a text that is Python."""
    return bool(_DEFINES.search(text)) and bool(parsed(text))


def parsed(text: str) -> list[ast.stmt]:
    """The statements of a text; none where it doesn't parse."""
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def has_python_lines(text: str) -> bool:
    """Whether a text has lines that no other language has."""
    return _PYTHON.search(text) is not None


def describe_text(text: str) -> str:
    """What a text is that isn't Python: "R code: …"; "" where nothing is known of it."""
    if _LINK.match(text):
        return f"a link to a document, and not the document: {_ITSELF}"
    found = next((what for pattern, what in _LANGUAGES if pattern.search(text)), "")
    return f"{found}: what can be graded is Python" if found else ""
