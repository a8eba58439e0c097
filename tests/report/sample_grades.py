"""Grades built by hand, one for each thing that a report has to say."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from grader.checks.finding import Details
from grader.grading.grades import CheckGrade, Counterexample, FunctionGrade, Grade, NamedMistake, Problem
from grader.numeric.agreement import Worst
from grader.sandbox.sandbox import Isolation
from grader.verdict import Verdict

SOFTMAX = "Rows of x become distributions: same shape, each row sums to one, no overflow."
SIGMOID = "Each entry becomes 1 / (1 + exp(-x)), in any shape."

OFF = Details(
    situation="different: N=2, Dx=3",
    inputs={"x": "[[ 1.7640523   0.40015721  0.97873798]\n [ 2.2408932   1.867558   -0.97727788]]"},
    expected="[[0.58963172 0.15084262 0.25952566]\n [0.57879488 0.39846842 0.0227367 ]]",
    actual="[[0.24151232 0.06178534 0.10630181]\n [0.34172266 0.23525647 0.01342340]]",
    worst=Worst(index=(0, 0), expected=0.58963172, actual=0.24151232, off=0.3481194, allowed=1.6e-05),
)
RAISED = Details(
    situation="one: N=1, Dx=5",
    inputs={"s": "[0.5  0.25 0.75 0.1  0.9 ]"},
    expected="[0.25   0.1875 0.1875 0.09   0.09  ]",
    raised="IndexError: too many indices for array: array is 1-dimensional, but 2 were indexed",
    where="hw1.py, line 31",
    printed="shape is (5,)\nentering loop",
)
FRESH = Details(
    situation="small: N=1, Dx=2",
    inputs={"x": "[[1., 2.]]"},
    expected="[[0.26894142 0.73105858]]",
    actual="[[0.13447071 0.36552929]]",
    worst=Worst(index=(0, 1), expected=0.73105858, actual=0.36552929, off=0.36552929, allowed=1.7e-05),
)
HIDDEN = Details(
    situation="case 2",
    inputs={"x": "[1000. 1001.]"},
    expected="[0.26894142 0.73105858]",
    actual="[nan nan]",
    worst=Worst(index=(0,), expected=0.26894142, actual=float("nan"), off=float("nan"), allowed=1e-05),
    printed="SECRET PRINTED",
    raised="SECRET RAISED",
    note="exp overflows: no maximum is taken off",
)


def check(
    title: str, got: Fraction | None, most: Fraction | int, verdict: Verdict, visibility: str = "hidden", **more: object
) -> CheckGrade:
    base = CheckGrade(title, "value", verdict, got, Fraction(most), visibility)  # type: ignore[arg-type]
    return msgspec.structs.replace(base, **more)


def total_of(scores: list[Fraction | None], more: Fraction = Fraction(0)) -> Fraction | None:
    """The sum; open where one of them is."""
    known = [score for score in scores if score is not None]
    return sum(known, more) if len(known) == len(scores) else None


def function(name: str, checks: list[CheckGrade], verdict: Verdict, **more: object) -> FunctionGrade:
    """A function whose points are the sum of its checks and of `from_mistake`."""
    extra = more.get("from_mistake", Fraction(0))
    assert isinstance(extra, Fraction)
    total = total_of([each.score for each in checks], extra)
    base = FunctionGrade(
        name,
        f"What {name} does.",
        total,
        sum((c.max_score for c in checks), Fraction(0)),
        verdict,
        Fraction(0),
        Fraction(0),
        None,
        (),
        (),
        tuple(checks),
    )
    return msgspec.structs.replace(base, **more)


def grade(functions: list[FunctionGrade], verdict: Verdict, **more: object) -> Grade:
    base = Grade(
        assignment="assignment1",
        title="Assignment 1: softmax and neural network basics",
        submission="hw1.py",
        student=None,
        audience="instructor",
        score=total_of([each.score for each in functions]),
        max_score=sum((each.max_score for each in functions), Fraction(0)),
        verdict=verdict,
        functions=tuple(functions),
        problems=(),
        left_out=(),
        isolation=Isolation("full", ("rlimits", "landlock", "seccomp", "namespaces")),
        seed=20150407,
        rubric_sha256="ab" * 32,
        reference_sha256="cd" * 32,
        grader_version="0.1.0",
        seconds=0.214,
    )
    return msgspec.structs.replace(base, **more)


def right() -> Grade:
    softmax = function(
        "softmax",
        [
            check("a batch of rows", Fraction(4), 4, Verdict.PASSED),
            check("one vector", Fraction(2), 2, Verdict.PASSED, "public"),
        ],
        Verdict.PASSED,
        promise=SOFTMAX,
    )
    sigmoid = function("sigmoid", [check("any shape", Fraction(3), 3, Verdict.PASSED)], Verdict.PASSED, promise=SIGMOID)
    return grade([softmax, sigmoid], Verdict.PASSED)


def mixed() -> Grade:
    """Lost points of every sort, advice, problems, remarks, and things left out."""
    return grade(
        [_softmax(), _sigmoid(), _sigmoid_grad(), _cross_entropy(), _network(), _gradcheck()],
        Verdict.PARTLY,
        student="s1042",
        problems=(Problem("hw1.py, line 3", "matplotlib isn't needed here: a stand-in takes its place."),),
        left_out=(Problem("lines 60-88", "a training loop"), Problem("line 90", "a plot")),
    )


def _softmax() -> FunctionGrade:
    hint = "Each row is a distribution of its own: sum along the last axis."
    checks = [
        check(
            "a batch of rows",
            Fraction(0),
            4,
            Verdict.FAILED,
            "public",
            message="The values are off.",
            hint=hint,
            details=OFF,
        ),
        check("one vector", Fraction(2), 2, Verdict.PASSED, "public"),
        check(
            "large scores",
            Fraction(0),
            2,
            Verdict.FAILED,
            message="The result has NaN.",
            hint="Take the maximum off.",
            details=HIDDEN,
        ),
    ]
    waiting = "This check passes, but it counts only where the function's results are right."
    checks.append(check("shift invariance", Fraction(0), 1, Verdict.FAILED, waits=True, message=waiting))
    checks.append(check("leaves x alone", Fraction(0), 1, Verdict.FAILED, waits=True, message=waiting))
    return function(
        "softmax",
        checks,
        Verdict.PARTLY,
        promise=SOFTMAX,
        from_mistake=Fraction(1),
        mistakes=(NamedMistake("one sum for all rows", hint),),
        witnesses=(Counterexample(FRESH, "inputs", "The values are off."),),
    )


def _sigmoid() -> FunctionGrade:
    slow = check(
        "no loop over entries",
        Fraction(0),
        0,
        Verdict.FAILED,
        advisory=True,
        message="This loops over the entries.",
        hint="np.exp takes arrays.",
    )
    remark = "graded: the definition in line 40 (the last of 2)"
    return function(
        "sigmoid",
        [check("any shape", Fraction(3), 3, Verdict.PASSED), slow],
        Verdict.PASSED,
        promise=SIGMOID,
        remarks=(remark,),
    )


def _sigmoid_grad() -> FunctionGrade:
    return function(
        "sigmoid_grad", [check("one vector", Fraction(0), 5, Verdict.ERROR, "public", details=RAISED)], Verdict.ERROR
    )


def _cross_entropy() -> FunctionGrade:
    checks = [
        check(
            "one example",
            Fraction(0),
            3,
            Verdict.TIMEOUT,
            message="The call took longer than 2 s.",
            hint="Look for a loop that never ends.",
        )
    ]
    return function("cross_entropy", checks, Verdict.TIMEOUT)


def _network() -> FunctionGrade:
    checks = [
        check("the cost", Fraction(4), 4, Verdict.CARRIED),
        check(
            "the gradient",
            Fraction(10, 3),
            6,
            Verdict.PARTLY,
            message="2 of 3 sizes are right.",
            hint="Try a single example.",
        ),
    ]
    return function(
        "forward_backward_prop", checks, Verdict.PARTLY, carried=Fraction(4), convention="the cost as a sum"
    )


def _gradcheck() -> FunctionGrade:
    message = "There is no function of this name. `grad_check_naive` in line 50 is nearly it: rename it."
    return function(
        "gradcheck_naive",
        [check("tells right from wrong", Fraction(0), 6, Verdict.MISSING, message=message)],
        Verdict.MISSING,
    )


def awaiting() -> Grade:
    essay = check("derive the gradient (written)", None, 10, Verdict.AWAITING, "public")
    softmax = function("softmax", [check("a batch of rows", Fraction(4), 4, Verdict.PASSED)], Verdict.PASSED)
    return grade([softmax, function("written_answer", [essay], Verdict.AWAITING)], Verdict.AWAITING)


def not_graded() -> Grade:
    broken = check("a batch of rows", None, 4, Verdict.NOT_GRADED, message="The worker could not be started again.")
    softmax = function("softmax", [broken], Verdict.NOT_GRADED, score=None)
    sigmoid = function("sigmoid", [check("any shape", Fraction(3), 3, Verdict.PASSED)], Verdict.PASSED)
    return grade([softmax, sigmoid], Verdict.NOT_GRADED)


def not_isolated() -> Grade:
    return msgspec.structs.replace(right(), isolation=Isolation("none", ()))


def nearly_full() -> Grade:
    """99.999 of 100, in one function."""
    almost = check("all of it", Fraction(99999, 1000), 100, Verdict.PARTLY)
    return grade([function("softmax", [almost], Verdict.PARTLY)], Verdict.PARTLY)


ALL = {
    "right": right,
    "mixed": mixed,
    "awaiting": awaiting,
    "not_graded": not_graded,
    "not_isolated": not_isolated,
    "nearly_full": nearly_full,
}
