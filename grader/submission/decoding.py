"""Bytes to text, the way Python reads a source file; where Python would refuse, say why and where."""

from __future__ import annotations

import codecs
from contextlib import suppress
from typing import NamedTuple

from .patterns import late
from .sniffing import utf16_without_mark

_COOKIE = late(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = late(rb"^[ \t\f]*(?:#.*)?$")
#: What no editor writes into source; tab, line ends, form feed, the end-of-file mark of DOS and escape may stand there.
_BINARY = late(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_CONTROL = late(r"[\x80-\x9f]")
#: Text encodings that nobody writes source in; the first two take quadratic time on long input.
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that one's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_NO_MARK = "two bytes for each letter and no mark that says so: it was read as UTF-16; save it as UTF-8"


class Decoded(NamedTuple):
    """Text with line ends `\\n`, or None where the bytes aren't text; and what a reader has to know about it."""

    text: str | None
    line: int | None = None
    message: str | None = None


def decode_source(data: bytes, has_cookie: bool = True) -> Decoded:
    """The text of a file: by its byte order mark, its PEP 263 cookie where it is source, or as UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _check_text(_decode_strictly(data.removeprefix(codecs.BOM_UTF8), encoding))
    if encoding := utf16_without_mark(data):
        decoded = _check_text(_decode_strictly(data, encoding))
        return decoded._replace(message=decoded.message or _NO_MARK)
    line, cookie = _cookie(data) if has_cookie else (0, None)
    encoding = "utf-8" if cookie is None else _codec_name(cookie)
    if not encoding:
        return _check_text(_decode_without_cookie(data, line, cookie or ""))
    return _check_text(_decode_strictly(data, encoding))


def replace_surrogates(text: str) -> str:
    """The text with lone surrogates, which no encoding can write, turned into U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _cookie(data: bytes) -> tuple[int, str | None]:
    lines = data[:4096].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", 2)[:2]
    for number, line in enumerate(lines, 1):
        if found := _COOKIE.match(line):
            return number, found[1].decode("ascii", "replace")
        if not _BLANK_OR_COMMENT.match(line):
            break
    return 0, None


def _codec_name(cookie: str) -> str:
    """The codec's own name, or "" for one that isn't there or isn't for text."""
    try:
        "".encode(cookie)  # refuses codecs that are not for text, such as rot13 and zip
        name = codecs.lookup(cookie).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name in _REFUSED else name


def _decode_strictly(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{data[error.start]:02x}"
    name = encoding.upper() if encoding.startswith("utf") else encoding
    if encoding.startswith(("utf-16", "utf-32")):
        return Decoded(None, line, f"{byte} isn't {name}, which the file's first bytes promise; save it as UTF-8")
    text, taken = _decode_single_bytes(data)
    return Decoded(text, line, f"{byte} isn't {name}, so the file was read as {taken}; save it as UTF-8 to be sure")


def _decode_single_bytes(data: bytes) -> tuple[str, str]:
    """The text in Latin-1, or in what Windows makes of it, which has letters where Latin-1 has control characters."""
    text = data.decode("latin-1")
    if _CONTROL.search(text):
        with suppress(UnicodeDecodeError):
            return data.decode("cp1252"), "Windows-1252"
    return text, "Latin-1"


def _decode_without_cookie(data: bytes, line: int, cookie: str) -> Decoded:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Decoded(
            None, line, f"the encoding {cookie!r} isn't known here, and the file isn't UTF-8; save it as UTF-8"
        )
    return Decoded(text, line, f"the encoding {cookie!r} isn't known here; the file was read as UTF-8")


def _check_text(decoded: Decoded) -> Decoded:
    if decoded.text is None:
        return decoded
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _BINARY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        what = "a NUL byte" if found[0] == "\0" else f"the control character 0x{ord(found[0]):02x}"
        return Decoded(None, line, f"there is {what}: this isn't Python source in UTF-8")
    return decoded._replace(text=text)
