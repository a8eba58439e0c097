"""Replaced helpers: a function of the submission's name, whose calls the trusted side has answered elsewhere.

The answer comes from a second child, locked in like this one, that holds the reference's helpers and no submission. A
helper's failure is raised here, in the submission's code, like any function's.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from .missing_modules import MissingModule

#: Sends a name and arguments; gives whether it went well, and the value or (type, text) of the failure.
AskTrusted = Callable[[str, tuple[Any, ...], dict[str, Any]], tuple[bool, Any]]


def make_proxy(name: str, ask: AskTrusted) -> Callable[..., Any]:
    """A function that asks for its answer."""

    def proxy(*args: Any, **kwargs: Any) -> Any:
        well, answer = ask(name, args, kwargs)
        if well:
            return answer
        raise _failure(*answer)

    proxy.__name__ = proxy.__qualname__ = name
    return proxy


def _failure(type_name: str, text: str) -> Exception:
    kind = getattr(builtins, type_name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            return kind(text)
        except TypeError:  # UnicodeDecodeError and the like take more than a text
            pass
    return RuntimeError(f"{type_name}: {text}")


class Replacement:
    """Puts proxies in place of a submission's own helpers, wherever they are bound."""

    def __init__(self, proxies: dict[str, Callable[..., Any]]) -> None:
        self._proxies = proxies
        self._originals: dict[int, tuple[Any, Callable[..., Any]]] = {}  # by identity, kept alive so that it lasts

    def apply(self, modules: Iterable[ModuleType]) -> None:
        """Replace bindings of the names, in every module; and bindings of the same functions under other names."""
        modules = list(modules)
        for module in modules:
            self._remember(vars(module))
        for module in modules:
            namespace = vars(module)
            for name, value in list(namespace.items()):
                if id(value) in self._originals:
                    namespace[name] = self._originals[id(value)][1]
            for name, proxy in self._proxies.items():
                namespace.setdefault(name, proxy)

    def _remember(self, namespace: dict[str, Any]) -> None:
        for name, proxy in self._proxies.items():
            original = namespace.get(name)
            is_module = isinstance(original, ModuleType) and not isinstance(original, MissingModule)
            if callable(original) and original is not proxy and not is_module:
                self._originals[id(original)] = (original, proxy)
