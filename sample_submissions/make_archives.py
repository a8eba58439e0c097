"""Write the archives among the samples from right_folder: the same bytes each time (gzip: with the same zlib)."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent / "assignment1"
SOURCE = HERE / "right_folder" / "submission"
EPOCH = (1980, 1, 1, 0, 0, 0)
#: What the Mac's Finder adds to an archive: metadata of the file that shares the name.
LITTER = {"__MACOSX/assignment 1 (final)/code files/._network.py": bytes([0, 5, 22, 7, 0, 2, 0, 0])}


def members() -> dict[str, bytes]:
    """Name in the archive -> content, sorted; only text that someone wrote, no compiled files."""
    files = [path for path in sorted(SOURCE.rglob("*")) if path.suffix in (".py", ".txt")]
    return {path.relative_to(SOURCE).as_posix(): path.read_bytes() for path in files}


def write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**members(), **LITTER}.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = 3  # Unix, whichever system runs this
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)


def write_tar_gz(path: Path) -> None:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members().items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    path.write_bytes(gzip.compress(plain.getvalue(), mtime=0))


if __name__ == "__main__":
    write_zip(HERE / "right_zip" / "submission.zip")
    write_tar_gz(HERE / "right_tar_gz" / "submission.tar.gz")
