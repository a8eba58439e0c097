"""What a class has in common is made once: messages to children, and findings of answers that came before."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class IdentityCache(Generic[T]):
    """What was made for some objects, which are told apart by identity; forgets everything when it is full."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[Hashable, tuple[tuple[object, ...], T]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, objects: tuple[object, ...], make: Callable[[], T], also: Hashable = ()) -> T:
        """What `make` gave for these very objects and an equal `also`, or gives now."""
        return self.of_kept(objects, lambda: (make(), True), also)

    def of_kept(self, objects: tuple[object, ...], make: Callable[[], tuple[T, bool]], also: Hashable = ()) -> T:
        """As `of`, where `make` says, too, whether what it gives is to be kept."""
        key = (also, *map(id, objects))
        if (known := self._known.get(key)) is not None:
            return known[1]
        made, is_kept = make()
        if is_kept:
            if len(self) >= self._limit:
                self._known.clear()
            self._known[key] = (objects, made)  # as long as it keeps them, no others have their identities
        return made
