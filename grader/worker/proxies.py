"""Replaced helpers: a function of the submission's name, whose calls the trusted side has answered elsewhere.

The answer comes from a second child, locked in like this one, that holds the reference's helpers and no submission. A
helper's failure is raised here, in the submission's code, like any function's.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import FunctionType, ModuleType
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
    """Puts proxies in place of a submission's own helpers, wherever they are bound or held."""

    def __init__(self, names: Iterable[str]) -> None:
        self._proxies: dict[str, Callable[..., Any]] = {}
        self._expected = {name: self._stand_in(name) for name in names}
        self._modules: list[ModuleType] = []  #: in which the submission's own types are
        self._originals: dict[int, tuple[Any, Callable[..., Any]]] = {}  # by identity, kept alive so that it lasts

    def _stand_in(self, name: str) -> Callable[..., Any]:
        def helper(*args: Any, **kwargs: Any) -> Any:
            if name not in self._proxies:
                raise NameError(f"name {name!r} is not defined", name=name)
            return self._proxies[name](*args, **kwargs)

        helper.__name__ = helper.__qualname__ = name
        return helper

    def expect(self, module: ModuleType) -> None:
        """Bind the names before a module runs: a list or a class may take up a helper that isn't there."""
        for name, helper in self._expected.items():
            vars(module).setdefault(name, helper)

    def begin(self, proxies: Mapping[str, Callable[..., Any]], modules: Iterable[ModuleType]) -> None:
        """Answer by these from now on, in modules that have run, and in those to which `apply` is said later."""
        self._proxies.update({name: self._with_own_types(proxy) for name, proxy in proxies.items()})
        self.apply(modules)

    def apply(self, modules: Iterable[ModuleType]) -> None:
        """Replace bindings of the names, in every module; and bindings of the same functions under other names."""
        if not self._proxies:
            return
        modules = list(modules)
        self._modules = modules
        for module in modules:
            self._remember(vars(module))
        for module in modules:
            namespace = vars(module)
            for name, value in list(namespace.items()):
                if id(value) in self._originals:
                    namespace[name] = self._originals[id(value)][1]
            for name, proxy in self._proxies.items():
                if not callable(namespace.setdefault(name, proxy)) and not isinstance(namespace[name], ModuleType):
                    namespace[name] = proxy  # a result was put in the function's place

    def _with_own_types(self, proxy: Callable[..., Any]) -> Callable[..., Any]:
        """A tuple as the submission's own one with names, where it has one of that length: its code may ask by name."""

        def helper(*args: Any, **kwargs: Any) -> Any:
            answer = proxy(*args, **kwargs)
            kinds = list(self._named_tuples(len(answer))) if type(answer) is tuple else []
            return kinds[0]._make(answer) if len(kinds) == 1 else answer

        helper.__name__ = helper.__qualname__ = proxy.__name__
        return helper

    def _named_tuples(self, length: int) -> Iterable[Any]:
        values = {id(value): value for module in self._modules for value in vars(module).values()}
        for value in values.values():
            if isinstance(value, type) and issubclass(value, tuple) and len(getattr(value, "_fields", ())) == length:
                yield value

    def _remember(self, namespace: dict[str, Any]) -> None:
        for name, proxy in self._proxies.items():
            original = namespace.get(name)
            is_module = isinstance(original, ModuleType) and not isinstance(original, MissingModule)
            if callable(original) and original is not proxy and not is_module and id(original) not in self._originals:
                self._originals[id(original)] = (original, proxy)
                if isinstance(original, FunctionType) and original is not self._expected[name]:
                    _turn_into(original, proxy)


def _turn_into(function: FunctionType, proxy: Callable[..., Any]) -> None:
    """Have a function itself ask for its answer: lists, default values, classes and closures may hold it."""
    with suppress(ValueError):
        function.__code__ = _forward.__code__.replace(
            co_freevars=function.__code__.co_freevars, co_name=function.__name__, co_filename=__file__
        )
        function.__defaults__, function.__kwdefaults__ = None, {"_proxy": proxy}


def _forward(*args: Any, _proxy: Callable[..., Any], **kwargs: Any) -> Any:
    return _proxy(*args, **kwargs)
