"""What somebody wants done with a class."""

from __future__ import annotations

from pathlib import Path

import msgspec


class ClassOrder(msgspec.Struct, frozen=True):
    """What somebody wants done with a class."""

    folder: Path
    out: Path
    rubric: str | None = None  #: None: that of the last batch, or the only one here, or the bundled one
    jobs: int = 0  #: worker processes; 0: as many as there are cores
    layout: str | None = None
    pattern: str | None = None
    roster: Path | None = None
    seed: int | None = None
    force: bool = False
    regrade: bool = False  #: by the versions of today, where OUT was graded with others
    sandbox: str = "jail"
    scheduler: str | None = None
    pseudonyms: bool = False  #: say nobody's id or name
    names: bool = False  #: let the class's page say whose lines it shows
    times: Path | None = None  #: when students handed in
    ledger: Path | None = None  #: of the late days that students have used in the course
    late: str | None = None  #: who takes points for lateness: the "rubric", or the "lms"; None: as the last time
    convert_python2: bool | None = None  #: grade copies in which Python 2 is turned into Python 3; None: as last time
    verbose: bool = False  #: name every entry of the class folder
    members: Path | None = None  #: who works together
    attempts: str | None = None  #: which of several counts; None: as the last time, else as the rubric says
    limits: dict[str, str] = {}  #: in place of the rubric's own
    config: str = ""  #: the file that said some of this
    configured: dict[str, str] = {}  #: what of the options that OUT keeps it says, on the command line or not
