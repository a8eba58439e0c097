"""What fuzzing found stays mended, and the fuzzer finds what it is meant to find."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from attacks.fuzz import drawn, fault_of
from attacks.fuzzing.archives import lying
from attacks.fuzzing.case import FOUND, read
from attacks.fuzzing.doors import DOORS
from attacks.reading import HERE

CASES = sorted(FOUND.glob("*.json"))

#: Runs the fuzzer on a grader with a fault behind each of these doors, until each is found once.
PLANTED = """
import os, sys
sys.path.insert(0, {tests!r})
from attacks import fuzz
from attacks.fuzzing import doors
from grader.grading import reading
from grader.submission import archives, notebooks, reading as texts
from grader.worker.shared import wire

decode, lines, members, cut = texts.decode_source, notebooks._lines, archives._tar_members, reading._cut

def raise_over_a_cookie(data):
    return 1 / 0 if data.startswith(b"# coding:") else decode(data)

def never_end(text):
    while chr(13) in text:
        pass
    return lines(text)

def take_memory(data):
    bytearray(b"x") * (100 << 20)
    return members(data)

def crash(found):
    return os.kill(os.getpid(), 11) if "softmax" in found.missing else cut(found)

texts.decode_source, notebooks._lines, archives._tar_members, reading._cut = (
    raise_over_a_cookie, never_end, take_memory, crash
)
wire._READERS[ord("c")] = lambda source, depth: {{}}[source.at]

fuzz._ENOUGH = 1
for kind in {kinds!r}:
    doors.DOORS[kind] = doors.DOORS[kind]._replace(seconds=0.3, letter_seconds=0, mebibytes=60)
sys.exit(fuzz.main(["--seed", "1", "--cases", "400", "--seconds", "200", "--keep", {keep!r}, "--only", *{kinds!r}]))
"""
#: By door: what is said of what is found there.
SAID = {
    "sources": "Fault at .*: .ZeroDivisionError",
    "notebooks": "hang: more processor time than is allowed",
    "archives": "large: [0-9]+ MiB",
    "frames": "KeyError at wire.py",
    "claims": "end of the process by SIGSEGV",
}


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_was_found_is_no_fault_any_more(path: Path) -> None:
    assert fault_of(read(path)) == ""


def test_a_few_cases_of_a_fixed_seed_go_through_every_door(tmp_path: Path) -> None:
    done = run(str(HERE / "fuzz.py"), "--seed", "1", "--cases", "8", "--seconds", "200", "--keep", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.findall(r"^ *(\w+) +(\d+) .* (\d+)$", done.stdout, re.MULTILINE)
    assert told == [(kind, "8", "0") for kind in DOORS]
    assert list(tmp_path.iterdir()) == []


def test_faults_that_were_planted_are_found_and_kept(tmp_path: Path) -> None:
    keep = tmp_path / "found"
    script = tmp_path / "planted.py"
    script.write_text(PLANTED.format(tests=str(HERE.parent), kinds=list(SAID), keep=str(keep)))
    done = run(str(script))
    assert done.returncode == 1, done.stdout + done.stderr
    kept = sorted(keep.glob("*.json"))
    assert [read(path).kind for path in kept] == sorted(SAID)
    for path in kept:
        assert re.match(SAID[read(path).kind], json.loads(path.read_text())["why"])
        assert fault_of(read(path)) == ""  # without the planted fault


def test_the_same_seed_draws_the_same_cases_and_another_one_others() -> None:
    for kind in DOORS:
        assert drawn(kind, 1, 3) == drawn(kind, 1, 3)
        assert any(drawn(kind, 1, number) != drawn(kind, 2, number) for number in range(3))


def test_ci_fuzzes_for_a_minute_with_a_new_seed_for_each_commit() -> None:
    script = (HERE.parent.parent / ".ci" / "run").read_text()
    assert 0 < script.index("-m deep") < script.index('tests/attacks/fuzz.py --seconds 60 --seed "$(git rev-parse')


@pytest.mark.parametrize("seed", range(20))
def test_an_archive_that_lies_stays_within_what_the_fuzzer_itself_may_use(seed: int) -> None:
    """One held others between its marks, three thousand times over: the run ended, and not at a fault of the grader."""
    held = b"PK\1\2" + b"\0" * (2 << 20) + b"PK\5\6" + b"\0" * 18
    assert len(lying(Random(seed), held)) <= 20 << 20
