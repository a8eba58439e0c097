"""Every place in a class's results that shows a student's score."""

from __future__ import annotations

import csv
import json
import re
from html import unescape
from pathlib import Path

from classroom.classes import table
from click.testing import CliRunner

from grader.cli import main

_FOLDERS = ("private/reports", "private/preview", "feedback")
_TITLE = re.compile(r"<title>(\d[\d.]*) of \d[\d.]* points")
#: Id, name, status, score.
_ROW = re.compile(
    r'<tr[^>]*>\s*<th scope="row">(?:<a [^>]*>)?([^<]*)(?:</a>)?</th>\s*<td[^>]*>[^<]*</td>\s*<td[^>]*>[^<]*</td>\s*'
    r'<td class="points">([^<]*)</td>'
)


def scores_in_all_places(out: Path) -> dict[str, dict[str, str]]:
    """The score of each student in each place, as text; empty where there is none."""
    found: dict[str, dict[str, str]] = {}
    for student, row in table(out).items():
        found.setdefault(student, {})["grades.csv"] = row["score"]
    for folder in _FOLDERS:
        for path in (out / folder).glob("*.json"):
            report = json.loads(path.read_text())
            mine = found.setdefault(report["student"], {})
            mine[folder] = shown(report["score"])
            text = path.with_suffix(".md").read_text() if path.with_suffix(".md").exists() else ""
            headline = re.search(r"(?:^|\s|\*)(\d[\d.]*) of \d[\d.]* points", text)
            if report["score"] is not None and headline:
                mine[f"{folder}, headline"] = shown(float(headline[1]))
            page = path.with_suffix(".html")
            if report["score"] is not None and page.exists() and (title := _TITLE.search(page.read_text())):
                mine[f"{folder}, page"] = shown(float(title[1]))
    for student, score in scores_on_the_class_page(out).items():
        found.setdefault(student, {})["index.html"] = score
    return found


def scores_on_the_class_page(out: Path) -> dict[str, str]:
    """The score of each student in the table of OUT/private/index.html."""
    page = out / "private" / "index.html"
    text = page.read_text().partition('id="class"')[2] if page.exists() else ""
    return {unescape(student): score for student, score in _ROW.findall(text)}


def uploaded(out: Path) -> dict[str, str]:
    """What is filled into an LMS's gradebook, by student: of those alone who are published."""
    students = sorted(table(out))
    export, filled = out.parent / "places.csv", out.parent / "places_filled.csv"
    export.write_text("id,HW\n" + "".join(f"{each},\n" for each in students))
    call = ["gradebook", str(out), str(export), "-o", str(filled), "--column", "HW"]
    if CliRunner().invoke(main, call).exit_code:
        return {}
    with filled.open(newline="") as file:
        return {row["id"]: row["HW"] for row in csv.DictReader(file) if row["HW"]}


def shown(score: float | None) -> str:
    return "" if score is None else f"{score:g}"


def differences(out: Path) -> dict[str, dict[str, str]]:
    """Students of whom two places show different scores, with all of these."""
    found = scores_in_all_places(out)
    for student, score in uploaded(out).items():
        found[student]["the gradebook"] = score
    return {student: each for student, each in found.items() if len(set(each.values())) > 1}
