"""One more of a kind of thing, as a contributor would add it: a file of its own, which a row of a table then names."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType


def load(folder: Path, name: str, text: str) -> ModuleType:
    """The module that this text is, from a file in the folder."""
    file = folder / f"{name}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
