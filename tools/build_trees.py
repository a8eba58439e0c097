"""The build hook: keeps the trees of the bundled rubrics, in a wheel or a checkout. See `grader.rubric.kept_tree`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KeepTrees(BuildHookInterface[Any]):  # type: ignore[misc] # where hatchling is, it has types
    """Reads each rubric once, for all who install the wheel, or work in the checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the trees to the wheel's files; for an editable install, they lie where the wheel would have them."""
        root = Path(self.root)
        sys.path.insert(0, self.root)
        try:
            if version == "editable":
                keep_trees(root, root / "grader" / "bundled" / "trees")
            else:
                build_data["force_include"] |= keep_trees(root, Path(tempfile.mkdtemp()))
        except (ModuleNotFoundError, OSError) as missing:  # without them a run reads the rubrics itself
            self.app.display_warning(f"the bundled rubrics' trees are not kept: {missing}")
        finally:
            sys.path.remove(self.root)


def keep_trees(root: Path, folder: Path) -> dict[str, str]:
    """The files that were made, and where each goes in the wheel."""
    from grader.rubric.kept_tree import FOLDER, keep, name_of_kept
    from grader.rubric.yaml_tree import read_yaml

    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for rubric in sorted((root / "rubrics").glob("*.yaml")):
        text = rubric.read_text(encoding="utf-8-sig")
        tree, flaws = read_yaml(text, str(rubric))
        file = folder / name_of_kept(rubric)
        if "." not in rubric.stem and not flaws:
            file.write_bytes(keep(text, tree))
            made[str(file)] = f"grader/{FOLDER}/{file.name}"
    return made
