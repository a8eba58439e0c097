"""The tables of the results store, as the steps that make them: a store of an older grade gets those that it lacks.

A step that has been released is never changed: what comes later is a further step.
"""

from __future__ import annotations

import sqlite3

APPLICATION = 0x67726164  # "grad"

_RESULTS = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE plan (fingerprint TEXT PRIMARY KEY, parts TEXT NOT NULL);
CREATE TABLE result (
    content TEXT NOT NULL, plan TEXT NOT NULL,
    verdict TEXT NOT NULL,      -- the grade's verdict; not_graded also where there is no grade
    suspect TEXT NOT NULL,      -- memory: costs nothing before a rerun has said so too; else empty
    grade BLOB,                 -- see blob.py; null where there is none
    sha256 TEXT NOT NULL,       -- of the grade; empty where there is none
    fault TEXT NOT NULL,        -- why there is no grade
    PRIMARY KEY (content, plan)
);
CREATE TABLE handed (
    position INTEGER PRIMARY KEY, students TEXT NOT NULL, late INTEGER NOT NULL,
    remarks TEXT NOT NULL, places TEXT NOT NULL,
    content TEXT,               -- null where it couldn't be read
    files INTEGER NOT NULL,     -- of source
    fault TEXT NOT NULL         -- why it couldn't be read
);
CREATE TABLE report (student TEXT PRIMARY KEY, made_of TEXT NOT NULL);  -- whose reports are written
"""

_DECISIONS = """
ALTER TABLE plan ADD COLUMN luggage BLOB;  -- the files of rubric and reference, to grade by this plan again
CREATE TABLE content (content TEXT PRIMARY KEY, bundle BLOB NOT NULL);  -- what was graded, byte for byte
CREATE TABLE release (number INTEGER PRIMARY KEY, at TEXT NOT NULL, plan TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE published (
    number INTEGER NOT NULL, student TEXT NOT NULL,
    entry BLOB NOT NULL,        -- the row as it was published
    found TEXT NOT NULL,        -- the score as graded then, which may be lower than the published one
    note TEXT NOT NULL,         -- for the student's report; empty where nothing changed
    PRIMARY KEY (number, student)
);
CREATE TABLE acknowledged (  -- suspect checks that somebody has looked at and found right
    plan TEXT NOT NULL, function TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (plan, function, title)
);
"""

_TIMES = """
ALTER TABLE handed ADD COLUMN at TEXT NOT NULL DEFAULT '';  -- when, as the LMS wrote it; empty where it doesn't say
"""

_FIXES = """
ALTER TABLE handed ADD COLUMN fix TEXT NOT NULL DEFAULT 'null';  -- the repaired copy that is graded in its place
ALTER TABLE handed ADD COLUMN original TEXT;                     -- content of what was handed in, where there is a fix
ALTER TABLE handed ADD COLUMN diff TEXT NOT NULL DEFAULT '';     -- from one to the other
"""

_STANDING = """
ALTER TABLE release ADD COLUMN undone TEXT NOT NULL DEFAULT '';  -- when it was taken back; empty while it stands
CREATE TABLE told (  -- what students were given of each release, byte for byte
    number INTEGER NOT NULL, student TEXT NOT NULL, made_of TEXT NOT NULL, files BLOB NOT NULL,
    PRIMARY KEY (number, student)
);
CREATE TABLE kept_grade (student TEXT PRIMARY KEY, entry BLOB NOT NULL);  -- of whom only the grade was kept
ALTER TABLE handed ADD COLUMN attempts TEXT NOT NULL DEFAULT '[]';        -- all of them, the one that counts too
"""

_NAMESAKES = """
ALTER TABLE handed ADD COLUMN undecided TEXT NOT NULL DEFAULT '';  -- why nobody can tell whose it is
"""

#: In the order in which grade came to have them.
STEPS = (_RESULTS, _DECISIONS, _TIMES, _FIXES, _STANDING, _NAMESAKES)
VERSION = len(STEPS)


class WrongDatabaseError(Exception):
    """It isn't ours, or a later grade's; the text says what it is."""


def bring_up_to_date(database: sqlite3.Connection) -> None:
    """Make the tables that are missing, all or none.

    Raises:
        WrongDatabaseError: nothing was changed.
    """
    made_by = database.execute("PRAGMA application_id").fetchone()[0]
    version = database.execute("PRAGMA user_version").fetchone()[0]
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and made_by != APPLICATION:
        raise WrongDatabaseError("no results of grade")
    if version > VERSION:
        raise WrongDatabaseError(f"version {version} of grade's results")
    if version < VERSION:
        missing = " ".join(STEPS[version:])
        marks = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"
        database.executescript(f"BEGIN; {missing} {marks} COMMIT;")
