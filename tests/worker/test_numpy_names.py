"""Code for older numpys means what it meant: names, arguments and arrays of one entry that numpy has taken out."""

from __future__ import annotations

import numpy as np

from grader.sandbox.sandbox import JailedChild, Program
from grader.worker.shared.numpy_names import OLD_FUNCTIONS, OLD_METHODS, OLD_NAMES, missing_from
from grader.worker.shared.steps import Call, Returned

#: By the release that took them out, as its notes list them.
TAKEN_OUT = {
    "1.20": "float int bool complex object str unicode long",
    "1.23": "alen asscalar loads ndfromtxt mafromtxt set_numeric_ops typeDict",
    "1.24 to 1.25": "int0 uint0 bool8 object0 str0 bytes0 void0 msort fastCopyAndTranspose",
    "2.0": "cast sctypes float_ complex_ unicode_ string_ NaN Inf Infinity infty PINF NINF PZERO NZERO product "
    "cumproduct sometrue alltrue round_ row_stack issubclass_ issctype issubsctype obj2sctype sctype2char "
    "maximum_sctype deprecate deprecate_with_doc source lookfor who disp safe_eval asfarray mat find_common_type "
    "singlecomplex cfloat longfloat longcomplex clongfloat compare_chararrays recfromtxt recfromcsv "
    "set_string_function AxisError ComplexWarning RankWarning VisibleDeprecationWarning TooHardError byte_bounds "
    "geterrobj seterrobj nbytes tracemalloc_domain add_docstring add_newdoc add_newdoc_ufunc compat DataSource math "
    "format_parser",
    "2.4": "trapz in1d",
}
#: Without a meaning for what a course asks: of numpy's own making, or of another package now.
GONE = {
    *("loads", "set_numeric_ops", "geterrobj", "seterrobj", "nbytes", "tracemalloc_domain", "add_docstring"),
    *("add_newdoc", "add_newdoc_ufunc", "compat", "DataSource", "byte_bounds", "format_parser"),
}


def test_every_name_that_a_release_took_out_is_known_or_has_no_meaning_any_more() -> None:
    taken_out = {name for names in TAKEN_OUT.values() for name in names.split()}
    known = OLD_NAMES.keys() | OLD_FUNCTIONS.keys() | vars(np).keys()
    assert taken_out - known == {name for name in GONE if not hasattr(np, name)}


#: What an expression was before, and is again.
MEANT: dict[str, object] = {
    "np.float(1) + np.int(2) + np.bool(1) + np.long(1)": 5.0,
    "np.complex(1, 2)": 1 + 2j,
    "np.str('a') + np.unicode('b')": "ab",
    "np.zeros(1, np.object).dtype.kind": "O",
    "np.zeros(1, np.float_).dtype.char + np.zeros(1, np.complex_).dtype.char": "dD",
    "np.zeros(1, np.unicode_).dtype.kind + np.zeros(1, np.string_).dtype.kind": "US",
    "np.zeros(1, np.int0).dtype.kind + np.zeros(1, np.uint0).dtype.kind + np.zeros(1, np.bool8).dtype.kind": "iub",
    "np.zeros(1, np.longfloat).dtype.char + np.zeros(1, np.singlecomplex).dtype.char": "gF",
    "[np.isnan(np.NaN), np.Inf, np.Infinity, np.infty, np.PINF, np.NINF]": [True, *4 * [np.inf], -np.inf],
    "np.copysign(1, np.NZERO) + np.copysign(1, np.PZERO)": 0.0,
    "np.product([2, 3]) + np.cumproduct([2, 3])[1]": 12,
    "[np.sometrue([0, 1]), np.alltrue([0, 1])]": [True, False],
    "np.round_(2.347, 2)": 2.35,
    "np.row_stack([[1, 2], [3, 4]]).tolist()": [[1, 2], [3, 4]],
    "np.in1d([[1, 2], [3, 4]], [2, 3]).tolist()": [False, True, True, False],
    "np.in1d([1, 2], [2], invert=True).tolist()": [True, False],
    "np.trapz([1.0, 2.0, 3.0])": 4.0,
    "np.trapz([1.0, 2.0], dx=0.5) + np.trapz([1.0, 2.0], [0.0, 2.0])": 3.75,
    "np.asscalar(np.array([3.0]))": 3.0,
    "np.msort(np.array([[2.0, 1.0], [1.0, 3.0]])).tolist()": [[1.0, 1.0], [2.0, 3.0]],
    "np.asfarray([1, 2])[1] / 4": 0.5,
    "np.asfarray([1, 2], np.float32).dtype.char": "f",
    "np.mat('1 2; 3 4').I.shape": (2, 2),
    "np.cast['f']([1, 2]).dtype.char + np.cast[int](1.5).dtype.kind": "fi",
    "[each.__name__ for each in np.sctypes['float'][:3]]": ["float16", "float32", "float64"],
    "sorted(np.sctypes)": ["complex", "float", "int", "others", "uint"],
    "[np.issubclass_(bool, int), np.issubclass_(1, int)]": [True, False],
    "[np.issctype(np.float32), np.issctype('f4'), np.issctype(list)]": [True, False, False],
    "[np.issubsctype(np.float32, np.floating), np.issubsctype('i4', float)]": [True, False],
    "[np.obj2sctype('f4').__name__, np.obj2sctype(np.ones(1)).__name__, np.obj2sctype(3)]": [
        "float32",
        "float64",
        None,
    ],
    "np.sctype2char(np.float64) + str(np.dtype(np.maximum_sctype('i4')).itemsize)": "d8",
    "np.find_common_type([np.float32], [np.float64]).char + np.find_common_type([np.int32], [np.float64]).char": "fd",
    "np.find_common_type([], [np.float64]).char + np.find_common_type([np.int8, np.float32], []).char": "df",
    "np.deprecate(len)('ab') + np.deprecate(message='no')(len)('abc')": 5,
    "[np.source(len), np.lookfor('x'), np.who(), np.disp('x')]": 4 * [None],
    "np.safe_eval('[1, 2]')": [1, 2],
    "np.math.factorial(4)": 24,
    "[issubclass(each, Exception) for each in (np.AxisError, np.RankWarning, np.ComplexWarning)]": 3 * [True],
    "np.linalg.linalg.norm([3.0, 4.0])": 5.0,
    "__import__('numpy.linalg.linalg').linalg.norm([3.0, 4.0])": 5.0,
    "np.arange(4.0).ptp() + np.arange(6.0).reshape(2, 3).ptp(axis=1)[0]": 5.0,
    "len(np.ones(2).tostring())": 16,
    "np.array([1], '<i2').newbyteorder('>').tolist()": [256],
    "(lambda a: [a.itemset((0, 1), 5), a.itemset(3, 7), a.tolist()][-1])(np.zeros((2, 2)))": [[0.0, 5.0], [0.0, 7.0]],
    # arguments
    "np.sum(i for i in range(4))": 6,
    "np.array([1, 2], copy=False).tolist()": [1, 2],
    "(lambda a: np.array(a, copy=False) is a)(np.ones(2))": True,
    "np.reshape([1, 2], newshape=(2, 1)).shape": (2, 1),
    "np.percentile([1, 2, 4], 50, interpolation='lower') + np.quantile([1, 2, 4], 0.4, interpolation='nearest')": 4,
    "np.corrcoef([1, 2, 3], [1, 2, 4], bias=True).shape": (2, 2),
    "np.histogram([1.0, 2.0], bins=1, normed=True)[0].tolist()": [1.0],
    # arrays of one entry
    "float(np.array([[1.5]])) + int(np.array([2])) + float(np.matrix([[2.0]])) + float(np.array(1.0))": 6.5,
    "complex(np.array([1j]))": 1j,
    "np.math.exp(np.zeros((1, 1))) + np.math.sqrt(np.ones(1))": 2.0,
    "'%.1f %d' % (np.array([1.5]), np.array([2.0])[0])": "1.5 2",
    "(lambda a: [a.__setitem__(0, np.array([[4.0]])), a.tolist()][-1])(np.zeros(2))": [4.0, 0.0],
    "(lambda a: [a.__setitem__((0, 1), np.array([4])), a.tolist()][-1])(np.zeros((1, 2)))": [[0.0, 4.0]],
    "(lambda a: [a.__setitem__(slice(1), np.array([[4.0]])), a.tolist()][-1])(np.zeros(2))": [4.0, 0.0],
    "(lambda a: [a.__setitem__(0, np.array([4.0])), a[0].shape][-1])(np.empty(1, object))": (1,),
    "(lambda a: [a.__setitem__('z', np.array([4.0])), a['z'].shape][-1])({})": (1,),
}
#: What was wrong, and is still.
WRONG = {
    "float(np.ones(2))": "TypeError",
    "np.zeros(2).__setitem__(0, np.ones(2))": "ValueError",
    "np.zeros(2).__setitem__(2, np.ones(1))": "IndexError",
    "np.zeros(2).__delitem__(0)": "ValueError",
}


def outcomes(child: JailedChild, expressions: list[str]) -> list[object]:
    source = "import numpy as np\n" + "".join(f"def f{i}(): return {each}\n" for i, each in enumerate(expressions))
    entries = {f"f{i}": ("hw", f"f{i}") for i in range(len(expressions))}
    assert not child.load(Program({"hw": source}, entries, ("numpy",))).faults
    found = [child.run([Call(name, ())])[0] for name in entries]
    return [each.value if isinstance(each, Returned) else getattr(each, "type", each) for each in found]


def test_what_numpy_has_taken_out_means_what_it_meant(child: JailedChild) -> None:
    assert dict(zip(MEANT, outcomes(child, list(MEANT)), strict=True)) == MEANT


def test_what_was_wrong_for_older_numpys_is_wrong_still(child: JailedChild) -> None:
    assert dict(zip(WRONG, outcomes(child, list(WRONG)), strict=True)) == WRONG


def test_each_name_that_is_there_again_is_said_with_what_it_is_now() -> None:
    assert all(now for now in missing_from(np).values())
    assert all(now for now, _ in OLD_METHODS.values())
