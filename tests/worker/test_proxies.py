"""Replaced helpers: whatever holds a submission's own function calls the replacement once it is there."""

from __future__ import annotations

from types import ModuleType

import pytest

from grader.worker.proxies import Replacement

#: How code may come by a helper `h`: what stands below its definition, and how `f` calls it.
HOLDERS = {
    "by its name": ("", "h(x)"),
    "an alias": ("k = h\n", "k(x)"),
    "a dict": ("TABLE = {'h': h}\n", "TABLE['h'](x)"),
    "a list": ("TABLE = [len, h]\n", "TABLE[1](x)"),
    "a default value": ("def k(x, act=h):\n    return act(x)\n", "k(x)"),
    "a default value by name": ("def k(x, *, act=h):\n    return act(x)\n", "k(x)"),
    "a partial": ("from functools import partial\nk = partial(h)\n", "k(x)"),
    "a class": ("class K:\n    act = staticmethod(h)\n", "K.act(x)"),
    "an object": ("class K:\n    def __init__(self, act): self.act = act\nk = K(h)\n", "k.act(x)"),
    "a closure": ("def make(act):\n    return lambda x: act(x)\nk = make(h)\n", "k(x)"),
    "a lambda": ("k = lambda x: h(x)\n", "k(x)"),
    "the module's own names": ("", "globals()['h'](x)"),
}
#: What may be wrong with it.
FAULTS = {
    "wrong": "def h(x):\n    return -x\n",
    "a lambda": "h = lambda x: -x\n",
    "with values of its own": "def h(x, *more, scale=2, **named):\n    return scale * x\n",
    "decorated": "def twice(g):\n    def run(x): return g(g(x))\n    return run\n@twice\ndef h(x):\n    return -x\n",
    "not there": "",
}
RESULT = "\nh = h(3)\n"


def run(text: str, replacement: Replacement) -> ModuleType:
    module = ModuleType("hw")
    replacement.expect(module)
    exec(compile(text, "hw.py", "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("holder", HOLDERS)
def test_whatever_holds_a_helper_calls_the_right_one(holder: str, fault: str) -> None:
    below, call = HOLDERS[holder]
    replacement = Replacement(["h"])
    module = run(f"{FAULTS[fault]}\n{below}\ndef f(x):\n    return {call}\n", replacement)
    replacement.begin({"h": lambda x: x + 100}, [module])
    assert module.f(5) == 105


def test_a_result_in_a_helpers_place_is_replaced_too() -> None:
    replacement = Replacement(["h"])
    module = run(f"{FAULTS['wrong']}{RESULT}\ndef f(x):\n    return h(x)\n", replacement)
    replacement.begin({"h": lambda x: x + 100}, [module])
    assert module.f(5) == 105


def test_a_helper_that_isnt_there_isnt_there_before_it_is_replaced() -> None:
    replacement = Replacement(["h"])
    module = run("def f(x):\n    return h(x)\n", replacement)
    with pytest.raises(NameError, match="name 'h' is not defined"):
        module.f(5)


NAMED = "from typing import NamedTuple\nclass Pair(NamedTuple):\n    h: int\n    y: int\n"


def test_a_pair_is_the_submissions_own_one_where_its_code_asks_by_name() -> None:
    replacement = Replacement(["h"])
    module = run(f"{NAMED}def h(x):\n    return Pair(x, -x)\ndef f(x):\n    return h(x).y\n", replacement)
    replacement.begin({"h": lambda x: (x, x + 100)}, [module])
    assert module.f(5) == 105


def test_a_pair_stays_as_it_is_where_two_own_ones_might_be_meant() -> None:
    replacement = Replacement(["h"])
    module = run(f"{NAMED}{NAMED.replace('Pair', 'Other')}def f(x):\n    return h(x)\n", replacement)
    replacement.begin({"h": lambda x: (x, x + 100)}, [module])
    assert type(module.f(5)) is tuple
