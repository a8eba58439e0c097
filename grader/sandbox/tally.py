"""How much a submission has told us, over all of its processes: to read it and to keep it costs us time and memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.worker.shared.tables import Table

#: An array, a text or a container costs as much as so many bytes of an array, wherever it stands.
VALUE_BYTES = 2048
#: A number within a container: a right list may hold ten thousand, and a hostile one costs us as much time.
NUMBER_BYTES = 256
#: Over all processes of a submission; and what each of them may tell though that is used up.
ALL_BYTES, LEAST_BYTES = 256 << 20, 16 << 20
#: How a process ends that goes beyond it.
TOLD_TOO_MUCH = f"the submission told more than {ALL_BYTES >> 20} MiB in all"


class Tally:
    """Adds up what the processes of one submission tell."""

    def __init__(self) -> None:
        self.told_bytes = 0

    def add(self, weight: int) -> None:
        """Something was told."""
        self.told_bytes += weight

    def allows(self, own: int) -> bool:
        """Whether a process that has told so much itself may tell more."""
        return self.told_bytes <= ALL_BYTES or own <= LEAST_BYTES


def weigh(value: Any) -> int:
    """Bytes that a value's arrays and texts take, and what its parts cost beside them."""
    if isinstance(value, np.ndarray):
        return VALUE_BYTES + value.nbytes
    if isinstance(value, (str, bytes)):
        return VALUE_BYTES + len(value)
    if isinstance(value, Table):
        return weigh(value.parts)
    if isinstance(value, dict):
        return VALUE_BYTES + sum(map(_weigh_part, value.values())) + sum(map(_weigh_part, value))
    if isinstance(value, (list, tuple)):
        return VALUE_BYTES + sum(map(_weigh_part, value))
    return VALUE_BYTES


def _weigh_part(part: Any) -> int:
    return NUMBER_BYTES if _is_small(part) else weigh(part)


def _is_small(part: Any) -> bool:
    """Whether this is None or a number; whole numbers may have a thousand digits."""
    return part is None or isinstance(part, (float, complex)) or (isinstance(part, int) and part.bit_length() < 64)
