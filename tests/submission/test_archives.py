"""Archives are read in memory; what is hostile in them is named, and the rest is graded."""

from __future__ import annotations

import gzip
import io
import os
import random
import stat
import struct
import tarfile
import tempfile
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import GradePath
from hypothesis import given, settings
from hypothesis import strategies as st
from submitting import read_texts

from grader.submission import archives, collecting
from grader.submission.reading import Submission

GOOD = {"hw.py": b"x = 1\n"}


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return made.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w", *more: tarfile.TarInfo) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for info in more:
            archive.addfile(info)
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def handed_in(root: Path, data: bytes, name: str = "hw.zip") -> Submission:
    (root / name).write_bytes(data)
    before = sorted(root.rglob("*"))
    submission = read_texts(root / name)
    assert sorted(root.rglob("*")) == before, "nothing is written"
    return submission


def paths(submission: Submission) -> list[str]:
    return [file.path for file in submission.files]


def said(submission: Submission) -> str:
    return "\n".join(f"{problem.where}: {problem.message}" for problem in submission.problems)


# --- sound archives ---


@pytest.mark.parametrize(
    ("name", "mode"),
    [("hw.tar", "w"), ("hw.tar.gz", "w:gz"), ("hw.tgz", "w:gz"), ("hw.tar.bz2", "w:bz2"), ("HW.TAR.XZ", "w:xz")],
)
def test_every_sort_of_tar_is_read(tmp_path: Path, name: str, mode: str) -> None:
    submission = handed_in(tmp_path, tarred({"./a b/q1.py": b"x = 1", "data.csv": b"1,2"}, mode), name)
    assert (paths(submission), submission.texts, submission.problems) == (["a b/q1.py"], ("x = 1",), ())


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_read(tmp_path: Path, compression: int) -> None:
    submission = handed_in(tmp_path, zipped({"part 1/q1.py": b"x = 1", "é.py": b"y = 2"}, compression))
    assert (paths(submission), submission.problems) == (["part 1/q1.py", "é.py"], ())


def test_a_zip_by_its_content_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    assert paths(handed_in(tmp_path, zipped(GOOD), "hw.tar")) == ["hw.py"]


def test_what_systems_add_to_archives_is_passed_over(tmp_path: Path) -> None:
    added = [
        "__MACOSX/._hw.py",
        "__pycache__/hw.py",
        ".git/x.py",
        "a/.ipynb_checkpoints/hw.ipynb",
        "venv/lib/x.py",
        "._hw.py",
    ]
    submission = handed_in(tmp_path, zipped(GOOD | dict.fromkeys(added, b"junk")))
    assert (paths(submission), submission.problems) == (["hw.py"], ())


def test_an_archive_in_an_archive_is_read_and_one_further_in_is_not(tmp_path: Path) -> None:
    inner = zipped({"q1.py": b"x = 1", "deep.zip": zipped({"q2.py": b"y = 2"})})
    submission = handed_in(tmp_path, tarred({"inner.zip": inner}), "hw.tar")
    assert paths(submission) == ["inner.zip/q1.py"]
    assert "inner.zip/deep.zip: left out: an archive in an archive in an archive" in said(submission)


def test_an_archive_without_python_awaits_a_person(tmp_path: Path, grade_path: GradePath) -> None:
    (tmp_path / "hw.zip").write_bytes(zipped({"essay.txt": b"hello"}))
    grade = grade_path(tmp_path / "hw.zip")
    assert (grade.verdict.value, grade.reason, grade.score) == ("awaiting", "unreadable", None)
    assert "no Python that can be read was found" in grade.problems[-1].message


# --- names ---


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.py", "leads out"),
        ("a/../../evil.py", "leads out"),
        ("/../evil.py", "leads out"),
        ("..\\evil.py", "leads out"),
        ("C:\\..\\evil.py", "leads out"),
        ("/".join("abcdefghijklmnopqrst") + "/evil.py", "too deep"),
        ("x" * 2000 + "/evil.py", "too long"),
    ],
)
def test_a_name_that_leads_out_or_too_deep_is_refused(tmp_path: Path, name: str, why: str) -> None:
    for kind, data in {"zip": zipped({name: b"evil", **GOOD}), "tar": tarred({name: b"evil", **GOOD})}.items():
        submission = handed_in(tmp_path, data, f"hw.{kind}")
        assert paths(submission) == ["hw.py"], kind
        assert why in said(submission)


@pytest.mark.parametrize(
    "name", ["/home/ada/q1.py", "//home/ada/q1.py", "C:/home/ada/q1.py", "c:home/ada/q1.py", "C:\\home\\ada\\q1.py"]
)
def test_an_absolute_name_is_read_as_a_relative_one_as_unpacking_does(tmp_path: Path, name: str) -> None:
    for kind, data in {"zip": zipped({name: b"x = 1"}), "tar": tarred({name: b"x = 1"})}.items():
        submission = handed_in(tmp_path, data, f"hw.{kind}")
        assert paths(submission) == ["home/ada/q1.py"], kind
        assert said(submission).count("names in this archive are absolute") == 1


def test_a_zip_that_a_windows_program_wrote_with_backslashes_is_read(tmp_path: Path) -> None:
    submission = handed_in(tmp_path, zipped({"hw1\\": b"", "hw1\\q1.py": b"x = 1", "hw1\\data\\a.csv": b"1"}))
    assert (paths(submission), submission.problems) == (["hw1/q1.py"], ())


def test_a_nul_in_a_name_of_a_zip_is_refused(tmp_path: Path) -> None:
    data = zipped({"evilX.py": b"evil", **GOOD}).replace(b"evilX.py", b"evil\0.py")
    submission = handed_in(tmp_path, data)
    assert paths(submission) == ["hw.py"]
    assert "NUL" in said(submission)


@pytest.mark.parametrize("twin", ["HW.py", "hw.PY", "hw.py", "./hw.py"])
def test_of_two_files_of_one_name_the_last_one_counts_and_it_is_said(tmp_path: Path, twin: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("hw.py", "first = 1")
        if twin != "hw.py":
            archive.writestr(twin, "second = 2")
        else:
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr(twin, "second = 2")
    submission = handed_in(tmp_path, made.getvalue())
    assert submission.texts == ("second = 2",)
    assert "the same file" in said(submission)


def test_names_that_differ_in_the_coding_of_accents_only_are_one_file(tmp_path: Path) -> None:
    submission = handed_in(tmp_path, tarred({"\u00e9.py": b"first = 1", "e\u0301.py": b"second = 2"}), "hw.tar")
    assert submission.texts == ("second = 2",)


# --- kinds ---


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_links_and_devices_in_a_tar_are_left_out_and_named(tmp_path: Path, kind: bytes) -> None:
    odd = tarfile.TarInfo("odd.py")
    odd.type, odd.linkname = kind, "/etc/passwd"
    submission = handed_in(tmp_path, tarred(GOOD, "w", odd), "hw.tar")
    assert paths(submission) == ["hw.py"]
    assert "odd.py: left out: it is a link or a device" in said(submission)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_in_a_zip_are_left_out_and_named(tmp_path: Path, kind: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        odd = zipfile.ZipInfo("odd.py")
        odd.external_attr = (kind | 0o777) << 16
        archive.writestr(odd, "/etc/passwd")
        archive.writestr("hw.py", "x = 1")
    submission = handed_in(tmp_path, made.getvalue())
    assert paths(submission) == ["hw.py"]
    assert "odd.py: left out: it is a link or a device" in said(submission)


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped({"secret.py": b"x = 1"}))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + offset] |= 1
    assert "secret.py: left out: it is encrypted" in said(handed_in(tmp_path, bytes(data)))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressions_that_unpack_without_bound_are_refused(tmp_path: Path, compression: int) -> None:
    submission = handed_in(tmp_path, zipped({"bomb.py": b"0" * 1000}, compression))
    assert "compression is not one" in said(submission)


# --- bombs ---


def test_a_member_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path: Path) -> None:
    submission = handed_in(tmp_path, zipped({"bomb.ipynb": bytes(5_000_000), **GOOD}))
    assert paths(submission) == ["hw.py"]
    assert "times its size" in said(submission)


def test_a_member_that_lies_about_its_size_is_unpacked_to_the_cap_only(tmp_path: Path) -> None:
    data = bytearray(zipped({"bomb.py": bytes(5_000_000)}))
    for mark, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", data, data.index(mark) + offset, 1000)
    submission = handed_in(tmp_path, bytes(data))
    assert (paths(submission), bool(submission.problems)) == ([], True)


def test_a_large_member_is_not_unpacked_further_than_its_cap(tmp_path: Path) -> None:
    noise = random.Random(1)
    letters = bytes.maketrans(bytes(range(256)), bytes(33 + byte % 90 for byte in range(256)))
    data = zipped({"large.py": (noise.randbytes(1000) * 20_000 + noise.randbytes(300_000)).translate(letters)})
    tracemalloc.start()
    try:
        submission = handed_in(tmp_path, data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "larger than 256 KiB" in said(submission)
    assert peak < 5_000_000


def test_a_tar_that_unpacks_without_end_is_given_up(tmp_path: Path) -> None:
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=1) as packed:
        big = tarfile.TarInfo("zeros.bin")
        big.size = collecting.MAX_UNPACKED + 1
        packed.write(tarred(GOOD)[:1024] + big.tobuf())
        for _ in range(collecting.MAX_UNPACKED // 2**20 + 1):
            packed.write(bytes(2**20))
    submission = handed_in(tmp_path, made.getvalue(), "hw.tar.gz")
    assert paths(submission) == ["hw.py"], "what came before is graded"
    assert "unpacks to more than 128 MiB" in said(submission)


def test_too_many_members_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("hw.py", "x = 1")
        for number in range(archives.MAX_MEMBERS + 1):
            archive.writestr(zipfile.ZipInfo(f"{number}.txt"), b"")
    submission = handed_in(tmp_path, made.getvalue())
    assert (paths(submission), "more than 20000 entries" in said(submission)) == ([], True)


def test_too_many_members_of_a_tar_are_not_read_to_the_end(tmp_path: Path) -> None:
    members = GOOD | {f"{number}.txt": b"" for number in range(archives.MAX_MEMBERS + 1)}
    submission = handed_in(tmp_path, tarred(members, "w:gz"), "hw.tgz")
    assert (paths(submission), "more than 20000 entries" in said(submission)) == (["hw.py"], True)


def test_a_sparse_file_of_a_terabyte_is_left_out(tmp_path: Path) -> None:
    sparse = tarfile.TarInfo("sparse.py")
    sparse.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(sparse.tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"17777777777\0"  # the real size that it claims
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    submission = handed_in(tmp_path, bytes(header) + tarred(GOOD), "hw.tar")
    assert paths(submission) == ["hw.py"]
    assert "sparse.py: left out: it is a link or a device, not a file" in said(submission)


def test_many_small_sources_are_cut_at_the_cap(tmp_path: Path) -> None:
    submission = handed_in(tmp_path, zipped({f"{number:03}.py": b"x = 1" for number in range(400)}))
    assert len(submission.files) == 300
    assert "49 more problems" in said(submission) or "50 more problems" in said(submission)


# --- damage ---


@pytest.mark.parametrize("name", ["hw.zip", "hw.tar", "hw.tar.gz", "hw.tar.xz", "hw.tar.bz2"])
@pytest.mark.parametrize(
    "data", [b"", b"junk", b"\x1f\x8b\x08junk", b"PK\3\4junk", b"BZhjunk", b"\xfd7zXZ\0junk", b"PK\5\6" + bytes(18)]
)
def test_a_damaged_archive_is_graded_or_has_nothing_in_it(tmp_path: Path, name: str, data: bytes) -> None:
    submission = handed_in(tmp_path, data, name)
    assert submission.files == ()
    is_empty = data.startswith(b"PK\5\6")
    assert ("damaged or not an archive" in said(submission)) is not is_empty


def test_a_truncated_member_doesnt_take_the_others_along(tmp_path: Path) -> None:
    data = bytearray(zipped({"bad.py": b"x = 1\n" * 100, **GOOD}))
    data[data.index(b"bad.py") + 8] ^= 0xFF
    submission = handed_in(tmp_path, bytes(data))
    assert paths(submission) == ["hw.py"]
    assert "bad.py: it can't be unpacked" in said(submission)


SOUND = [zipped({"hw.py": b"x = 1", "a/b.ipynb": b"{}"}), tarred(GOOD), tarred(GOOD, "w:gz"), tarred(GOOD, "w:xz")]


@given(st.sampled_from(SOUND), st.data())
@settings(max_examples=300, deadline=None)
def test_no_damage_to_an_archive_crashes_the_reader(sound: bytes, data: st.DataObject) -> None:
    hurt = bytearray(sound[: data.draw(st.integers(0, len(sound)))])
    for _ in range(data.draw(st.integers(0, 6)) if hurt else 0):
        hurt[data.draw(st.integers(0, len(hurt) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as root:
        file = Path(root) / "hw.zip"
        file.write_bytes(bytes(hurt))
        read_texts(file)
        assert os.listdir(root) == ["hw.zip"]  # noqa: PTH208 - names are all that is asked
