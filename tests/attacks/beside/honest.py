"""What any numerical homework may do. It must work in every mode, or the jail is no jail but a wall."""

import importlib

import numpy as np

#: Imported within a call: source, bytecode and shared libraries are found from within the jail.
LATE = [
    "bisect", "collections", "csv", "datetime", "decimal", "fractions", "functools", "hashlib", "heapq", "io",
    "itertools", "json", "logging", "math", "pathlib", "pickle", "pprint", "random", "re", "statistics", "string",
    "struct", "textwrap", "typing", "unittest", "uuid", "xml.etree.ElementTree", "zlib", "zoneinfo",
    "numpy.polynomial", "numpy.ma", "numpy.testing",
]  # fmt: skip


def f(world):
    for name in LATE:
        importlib.import_module(name)
    import datetime
    import decimal
    import hashlib
    import json
    import pickle
    import random
    import re
    import statistics

    rng = np.random.default_rng(random.randrange(10))
    a = rng.normal(size=(30, 30))
    u, s, vt = np.linalg.svd(a)
    values, vectors = np.linalg.eig(a + a.T)
    large = np.ones(25 << 20)  # 200 MB
    right = [
        np.allclose(u * s @ vt, a),
        np.allclose(a @ np.linalg.solve(a, a[0]), a[0]),
        np.allclose(vectors * values @ np.linalg.inv(vectors), a + a.T),
        np.allclose(np.fft.ifft2(np.fft.fft2(a)).real, a),
        np.allclose(np.linalg.qr(a)[0].T @ np.linalg.qr(a)[0], np.eye(30)),
        decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3"),
        statistics.median([1, 2, 3]) == 2,
        json.loads(json.dumps({"a": [1.5, None]})) == {"a": [1.5, None]},
        re.sub(r"\s+", " ", "a \n b") == "a b",
        pickle.loads(pickle.dumps(a)).shape == a.shape,
        large.sum() == large.size,
        hashlib.sha256(b"").hexdigest().startswith("e3b0"),
        datetime.datetime.now().year > 2000,
    ]
    print("done", right)
    return all(right)
