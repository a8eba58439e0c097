"""One case: named parts of bytes for one of the doors. What was found is kept as a text that people can read."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path
from typing import NamedTuple

FOUND = Path(__file__).parent.parent / "found"
#: Beyond it, bytes are kept packed.
_PLAIN_BYTES = 4096


class Case(NamedTuple):
    """What goes through a door."""

    kind: str
    parts: tuple[tuple[str, bytes], ...]

    @property
    def size(self) -> int:
        """Bytes, and letters of names."""
        return sum(len(name) + len(data) for name, data in self.parts)


def keep(case: Case, why: str, folder: Path) -> Path:
    """Write a case down. The file's name tells its door and its bytes' digest."""
    digest = hashlib.sha256(repr(case.parts).encode(errors="surrogatepass")).hexdigest()[:12]
    parts = [[name, _text(data)] for name, data in case.parts]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{case.kind}-{digest}.json"
    path.write_text(json.dumps({"kind": case.kind, "why": why[:2000], "parts": parts}, indent=1) + "\n")
    return path


def read(path: Path) -> Case:
    """The case that was kept."""
    told = json.loads(path.read_text())
    return Case(told["kind"], tuple((name, _bytes(text)) for name, text in told["parts"]))


def _text(data: bytes) -> str | dict[str, str]:
    if len(data) <= _PLAIN_BYTES:
        return data.decode("latin-1")
    return {"packed": base64.b85encode(zlib.compress(data, 9)).decode()}


def _bytes(text: str | dict[str, str]) -> bytes:
    if isinstance(text, str):
        return text.encode("latin-1")
    return zlib.decompress(base64.b85decode(text["packed"]))
