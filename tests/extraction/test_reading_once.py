"""What was handed in is unpacked once, and asked for data where the code reads files."""

from __future__ import annotations

import json

import pytest

from grader.extraction import in_child
from grader.submission.collecting import SubmissionFiles, Upload
from grader.submission.reading import unpack_upload


@pytest.mark.parametrize("name", ["spread", "thread", "payload"])
def test_a_word_that_only_ends_like_reading_reads_no_file(name: str) -> None:
    assert in_child._READS.search(f"def f({name}): return {name}") is None


@pytest.mark.parametrize(
    "call", ["np.load(p)", "np.loadtxt(p)", "pd.read_csv(p)", "plt.imread(p)", "Path(p).read_text()"]
)
def test_a_call_that_reads_a_file_is_seen(call: str) -> None:
    assert in_child._READS.search(f"def f(p): return {call}") is not None


def test_a_submission_whose_code_reads_files_is_unpacked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[str] = []

    def count(upload: Upload) -> SubmissionFiles:
        unpacked.append(upload.name)
        return unpack_upload(upload)

    monkeypatch.setattr(in_child, "unpack_upload", count)
    files = [["hw.py", b"def f(): return open('big.csv').read()\n"], ["big.csv", b"1,2\n"]]
    told = json.loads(in_child.read_and_slice(["hw", files, [["f", None, [], []]], ["numpy"], {}]))
    assert True in told
    assert unpacked == ["hw"]
