"""What lies beside the code is read from memory, however its name is written; and nothing else is."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import tarfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from grader.limits import Limits
from grader.sandbox.sandbox import JailedChild, Program, Sandbox
from grader.worker.shared.steps import Call, Raised, Returned


def array(value: Any, save: Any = np.save) -> bytes:
    made = io.BytesIO()
    save(made, value)
    return made.getvalue()


FILES = {
    "w.npy": array(np.arange(3.0)),
    "z.npz": array(np.arange(3.0), np.savez),
    "table.csv": b"a,b\n1,2\n3,4\n",
    "one.txt": b"1.5\n",
    "data/deep.json": json.dumps({"k": [1, 2]}).encode(),
    "p.pkl": pickle.dumps({"k": 1}),
    "raw.bin": np.arange(4.0).tobytes(),
    "packed.csv.gz": gzip.compress(b"1 2\n"),
    "a/same.txt": b"a",
    "b/same.txt": b"b",
    "ümläut.txt": "grüße".encode(),
    "nn.py": b"Y = 3\n",
}


def answer(child: JailedChild, source: str, files: Mapping[str, bytes] = FILES, module: str = "hw") -> Any:
    task: tuple[Any, ...] = ("hw", [[name, data] for name, data in files.items()], (), (), {}, False, False, True)
    program = Program({module: source}, {"f": (module, "f")}, ("numpy",), (), (), task)
    loaded = child.load(program)
    assert loaded.faults == ()
    [outcome] = child.run([Call("f")])
    return outcome.value if isinstance(outcome, Returned) else outcome


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("np.load('w.npy').sum()", 3.0),
        ("np.load('w.npy', mmap_mode='r').sum()", 3.0),
        ("np.load(open('w.npy', 'rb'))[2]", 2.0),
        ("np.load('z.npz')['arr_0'].sum()", 3.0),
        ("np.loadtxt('table.csv', delimiter=',', skiprows=1).sum()", 10.0),
        ("np.genfromtxt('table.csv', delimiter=',', names=True)['b'].sum()", 6.0),
        ("np.loadtxt(open('one.txt'))[()]", 1.5),
        ("np.fromfile('raw.bin').sum()", 6.0),
        ("np.fromfile('raw.bin', dtype=np.float64, count=2, offset=8).sum()", 3.0),
        ("np.fromfile('one.txt', sep=' ')[0]", 1.5),
        ("float(open('one.txt').read())", 1.5),
        ("float(io.open('./one.txt', encoding='utf-8').readline())", 1.5),
        ("float(Path('one.txt').read_text())", 1.5),
        ("Path('one.txt').read_bytes()", b"1.5\n"),
        ("Path('one.txt').open().read()", "1.5\n"),
        ("json.load(open('data/deep.json'))['k']", [1, 2]),
        ("json.load(open('deep.json'))['k']", [1, 2]),
        ("pickle.load(open('p.pkl', 'rb'))['k']", 1),
        ("[row for row in csv.reader(open('table.csv', newline=''))][1]", ["1", "2"]),
        ("gzip.open('packed.csv.gz', 'rt').read()", "1 2\n"),
        ("open('C:\\\\Users\\\\bo\\\\hw\\\\one.txt').read()", "1.5\n"),
        ("open('/home/bo/hw/one.txt').read()", "1.5\n"),
        ("open('../one.txt').read()", "1.5\n"),
        ("open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'one.txt')).read()", "1.5\n"),
        ("(Path(__file__).resolve().parent / 'one.txt').read_text()", "1.5\n"),
        ("(Path.cwd() / 'one.txt').read_text()", "1.5\n"),
        ("open('a/same.txt').read() + open('b/same.txt').read() + open('../x/b/same.txt').read()", "abb"),
        ("open('ümläut.txt').read()", "grüße"),
        ("[Path('one.txt').exists(), Path('one.txt').is_file(), os.path.exists('one.txt')]", [True, True, True]),
        ("[os.path.isdir('data'), os.path.isfile('data'), os.path.exists('none.txt')]", [True, False, False]),
        ("os.path.getsize('one.txt')", 4),
        ("sorted(os.listdir('data'))", ["deep.json"]),
        ("sorted(glob.glob('*.np*'))", ["w.npy", "z.npz"]),
        ("sorted(str(path) for path in Path('.').glob('*/same.txt'))", ["a/same.txt", "b/same.txt"]),
        ("sorted(path.name for path in Path(__file__).resolve().parent.iterdir())[:2]", ["a", "b"]),
        ("[name for _, _, names in os.walk('data') for name in names]", ["deep.json"]),
    ],
)
def test_a_file_beside_the_code_is_read(child: JailedChild, use: str, expected: object) -> None:
    heads = "import csv, glob, gzip, io, json, os, pickle\nfrom pathlib import Path\nimport numpy as np\n"
    assert answer(child, f"{heads}def f(): return {use}\n") == expected


def test_a_file_is_read_while_the_module_is_loaded(child: JailedChild) -> None:
    source = "from numpy import load\nwith open('one.txt') as file:\n    X = float(file.read())\nW = load('w.npy')\n"
    assert answer(child, f"{source}def f(): return X + W[2]\n", module="a.hw") == 3.5


@pytest.mark.parametrize(
    "way",
    [
        "exec(open('nn.py').read())\n",
        "import runpy\nglobals().update(runpy.run_path('nn.py'))\n",
        (
            "import importlib.util as u\ns = u.spec_from_file_location('nn', 'nn.py')\nm = u.module_from_spec(s)\n"
            "s.loader.exec_module(m)\nY = m.Y\n"
        ),
    ],
)
def test_a_script_that_the_code_runs_by_itself_is_there(child: JailedChild, way: str) -> None:
    assert answer(child, f"{way}def f(): return Y\n") == 3


@pytest.mark.parametrize("mode", ["w", "a", "r+", "x", "wb", "rb+"])
def test_no_file_is_written(child: JailedChild, mode: str) -> None:
    told = answer(child, f"def f(): return open('one.txt', {mode!r})\n")
    assert isinstance(told, Raised)
    assert told.type == "OSError"


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/maps", "../../etc/passwd"])
def test_what_was_not_handed_in_is_refused_as_ever(child: JailedChild, path: str) -> None:
    assert isinstance(answer(child, f"def f(): return open({path!r}).read()\n"), Raised)


@pytest.mark.parametrize("files", [FILES, {}])
@pytest.mark.parametrize("use", ["open('gone.csv')", "np.load('data/gone.csv')", "open('C:\\\\hw\\\\gone.csv')"])
def test_a_file_that_was_not_handed_in_is_told_by_its_name(jail: Sandbox, files: Mapping[str, bytes], use: str) -> None:
    with jail.open(Limits()) as child:
        told = answer(child, f"import numpy as np\ndef f(): return {use}\n", files)
    assert isinstance(told, Raised)
    assert told.text == "gone.csv isn't among what was handed in"


def test_unpacking_takes_no_time_of_the_submission(jail: Sandbox) -> None:
    table = np.random.default_rng(7).bytes(3_000_000).hex().encode()
    files, packed = io.BytesIO(), tarfile.TarInfo("big.csv")
    packed.size = len(table)
    with tarfile.open(fileobj=files, mode="w:bz2") as archive:
        archive.addfile(packed, io.BytesIO(table))
    with jail.open(Limits(call_seconds=0.1, submission_seconds=0.3)) as child:
        source = "def f(): return len(open('big.csv').read(100))"
        assert answer(child, source, {"hw.tar.bz2": files.getvalue()}) == 100
        assert child.cpu_seconds < 0.3
