"""Whatever a file of a submission is called, the rest keeps its functions, and so does the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from submitting import extracted

from grader.extraction.model import Extraction, Required
from grader.grading.reading import required_by
from grader.plan.assignment import load_assignment
from grader.submission.collecting import FoundFile, Upload
from grader.submission.reading import open_upload

SAMPLES = Path(__file__).parent.parent.parent / "sample_submissions" / "cs224n_a1"
FILES = {path.name: path.read_bytes() for path in sorted((SAMPLES / "right_2016" / "submission").glob("*.py"))}


@pytest.fixture(scope="module")
def required() -> Sequence[Required]:
    return required_by(load_assignment("cs224n_a1").rubric.functions)


def sliced(required: Sequence[Required], names: dict[str, str]) -> Extraction:
    found = (FoundFile(names.get(name, name), data) for name, data in FILES.items())
    return extracted(open_upload(Upload("hw", tuple(found))), *required)


@pytest.mark.parametrize("suffix", ["", ".txt", ".py.txt", ".ipynb", ".zip"])
def test_a_file_of_another_suffix_keeps_its_functions_and_takes_none_from_others(
    suffix: str, required: Sequence[Required]
) -> None:
    stems = {name: name.removesuffix(".py") for name in FILES}
    usual = sliced(required, {})
    one_each = [{name: f"{stem}{suffix}"} for name, stem in stems.items()]
    for names in [*one_each, {name: f"{stem}{suffix}" for name, stem in stems.items()}]:
        found = sliced(required, names)
        assert (found.modules, found.entries, found.missing) == (usual.modules, usual.entries, usual.missing), names


def test_a_file_of_another_name_costs_no_function_of_the_others(required: Sequence[Required]) -> None:
    usual = sliced(required, {})
    for name in FILES:
        found = sliced(required, {name: "renamed (1).txt"})
        own = {wanted for wanted, (module, _) in usual.entries.items() if f"{module}.py" == name}
        assert usual.entries.keys() - own <= found.entries.keys()
        assert own <= found.entries.keys()
