"""Steps mean the same on both sides of the wall."""

import numpy as np

from grader.worker.shared.interpreter import run_here
from grader.worker.shared.steps import (
    Call,
    Inspect,
    Proxy,
    Raised,
    Ref,
    Returned,
    Skipped,
    StoreValue,
    Stub,
    StudentFunction,
)


def test_a_call_by_name_gives_its_value():
    assert run_here([Call("add", (1,), {"b": 2})], {"add": lambda a, b: a + b}) == (Returned(3),)


def test_a_reference_cannot_change_the_arguments_of_another_call():
    def spoil(x):
        x *= 0
        return x.sum()

    x = np.ones(3)
    steps = [Call("spoil", (x,)), Call("sum", (x,))]
    assert run_here(steps, {"spoil": spoil, "sum": np.sum}) == (Returned(0.0), Returned(3.0))
    assert x.tolist() == [1, 1, 1]


def test_steps_share_an_object_that_was_put_and_ask_what_it_holds_now():
    def spoil(x):
        x[0] = 7

    outcomes = run_here([StoreValue(np.zeros(2)), Call("spoil", (Ref(0),)), Inspect(Ref(0))], {"spoil": spoil})
    assert outcomes[0].value.tolist() == [0, 0]
    assert outcomes[2].value.tolist() == [7, 0]


def test_an_answer_does_not_change_when_a_later_call_reuses_its_memory():
    buffer = np.zeros(1)

    def count():
        buffer[0] += 1
        return buffer

    first, _, later = run_here([Call("count"), Call("count"), Inspect(Ref(0))], {"count": count})
    assert first.value.tolist() == [1]
    assert later.value.tolist() == [2]


def test_a_reference_to_a_part_goes_by_index_key_and_attribute():
    steps = [
        Call("make"),
        Inspect(Ref(0, (1, "grad"))),
        Call(Ref(0, (0, ".upper"))),
        Call("identity", (Ref(0, (0,)),)),
    ]
    functions = {"make": lambda: ("cost", {"grad": 5}), "identity": lambda x: x}
    assert [outcome.value for outcome in run_here(steps, functions)[1:]] == [5, "COST", "cost"]


def test_a_step_is_skipped_when_what_it_needs_gave_no_value():
    def fail():
        raise ValueError("no")

    outcomes = run_here([Call("fail"), Inspect(Ref(0)), StoreValue([1]), Inspect(Ref(2, (4,)))], {"fail": fail})
    assert outcomes[0] == Raised("ValueError", "no")
    assert outcomes[1] == Skipped("step 1, which this step needs, gave no value")
    assert outcomes[3] == Skipped("the earlier result (list) has no part [4]")


def test_a_step_cannot_refer_to_itself_or_to_a_later_one():
    assert [type(outcome) for outcome in run_here([Inspect(Ref(0)), Inspect(Ref(5))], {})] == [Skipped, Skipped]


def test_a_stub_gets_its_data_by_keyword_and_sees_numpy_only():
    bowl = Stub("def bowl(x, off):\n    return np.sum(x**2), 2 * x + off", "bowl", {"off": 0.5})
    (outcome,) = run_here([Call("use", (bowl,))], {"use": lambda f: f(np.ones(2))})
    assert outcome.value[0] == 2
    assert outcome.value[1].tolist() == [2.5, 2.5]
    assert run_here([Call("use", (bowl,))], {"use": lambda f: f.__name__}) == (Returned("bowl"),)


def test_here_a_proxy_is_the_function_itself():
    assert run_here([Call("use", (Proxy("two"),))], {"use": lambda f: f(), "two": lambda: 2}) == (Returned(2),)


def test_warnings_are_free():
    (outcome,) = run_here([Call("log", (np.zeros(1),))], {"log": np.log})
    assert np.isneginf(outcome.value[0])


def test_a_function_of_the_submission_can_be_an_argument():
    assert run_here([Call("use", (StudentFunction("two"),))], {"use": lambda f: f(), "two": lambda: 2}) == (
        Returned(2),
    )


def test_a_stub_that_was_put_makes_one_object_for_all_later_steps():
    counter = Stub(
        "class Counter:\n    def __init__(self, *, start):\n        self.at = start\n"
        "    def next(self):\n        self.at += 1\n        return self.at\n",
        "Counter",
        {"start": 4},
    )
    steps = [StoreValue(counter), Call(Ref(0), quiet=True), Call(Ref(1, (".next",))), Call("next", (Ref(1),))]
    outcomes = run_here(steps, {"next": lambda made: made.next()})
    assert [outcome.value for outcome in outcomes] == [None, None, 5, 6]
    assert run_here(steps, {"next": lambda made: made.next()}) == outcomes


def test_a_quiet_call_says_nothing_and_keeps_its_result():
    assert run_here([Call("one", quiet=True), Inspect(Ref(0))], {"one": lambda: 1}) == (Returned(None), Returned(1))


def test_earlier_results_may_stand_in_a_tuple():
    steps = [Call("pair"), StoreValue((Ref(0, (1,)), 7)), Call("second", ((1, (2, Ref(0, (0,)))),))]
    outcomes = run_here(steps, {"pair": lambda: ("a", "b"), "second": lambda found: found[1]})
    assert [outcome.value for outcome in outcomes] == [("a", "b"), ("b", 7), (2, "a")]
