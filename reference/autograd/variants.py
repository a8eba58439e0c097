"""Engines with slips, and engines that are built in other ways."""

from __future__ import annotations

import math

import numpy as np
from solution import Layer, Value

from grader.reference import mistake, right


class _Tape:
    """An engine with closures and a sorted graph, of which each method can be replaced."""

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents, self.hand_on = data, 0.0, parents, lambda: None

    def _made(self, data, parents, slopes):
        found = type(self)(data, parents)

        def hand_on():
            for parent, slope in zip(parents, slopes, strict=True):
                parent.receive(slope * found.grad)

        found.hand_on = hand_on
        return found

    def receive(self, share):
        self.grad += share

    def _lift(self, other):
        return other if isinstance(other, _Tape) else type(self)(other)

    def __add__(self, other):
        other = self._lift(other)
        return self._made(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = self._lift(other)
        return self._made(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, power):
        return self._made(self.data**power, (self,), (power * self.data ** (power - 1),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-self._lift(other))

    def __truediv__(self, other):
        return self * self._lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self._lift(other) - self

    def __rtruediv__(self, other):
        return self._lift(other) / self

    def tanh(self):
        t = math.tanh(self.data)
        return self._made(t, (self,), (1 - t**2,))

    def relu(self):
        return self._made(self.data if self.data > 0 else 0.0, (self,), (1.0 if self.data > 0 else 0.0,))

    def exp(self):
        return self._made(math.exp(self.data), (self,), (math.exp(self.data),))

    def _sorted(self):
        found, seen = [], set()

        def visit(value):
            if id(value) not in seen:
                seen.add(id(value))
                for parent in value.parents:
                    visit(parent)
                found.append(value)

        visit(self)
        return found[::-1]

    def backward(self):
        for value in self._sorted():
            if value.parents:
                value.grad = 0.0
        self.grad += 1.0
        for value in self._sorted():
            value.hand_on()


class _Forward:
    """Derivatives of every part, carried along from the start: backward only hands them out."""

    def __init__(self, data, by=None):
        self.data, self.grad = data, 0.0
        self.by = {self: 1.0} if by is None else by

    def _of(self, data, *parts):
        by = {}
        for value, slope in parts:
            for source, before in value.by.items():
                by[source] = by.get(source, 0.0) + slope * before
        return _Forward(data, by)

    def __add__(self, other):
        other = other if isinstance(other, _Forward) else _Forward(other)
        return self._of(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, _Forward) else _Forward(other)
        return self._of(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, power):
        return self._of(self.data**power, (self, power * self.data ** (power - 1)))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + other * -1.0

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return self**-1 * other

    def tanh(self):
        return self._of(np.tanh(self.data), (self, 1 / np.cosh(self.data) ** 2))

    def relu(self):
        return self._of(np.maximum(self.data, 0), (self, np.heaviside(self.data, 0)))

    def exp(self):
        return self._of(np.exp(self.data), (self, np.exp(self.data)))

    def backward(self):
        for source, slope in self.by.items():
            source.grad += slope


for _method in ("backward", "tanh", "relu", "exp"):
    right(f"Value.{_method}", name="with closures and a sorted graph")(_Tape)
    right(f"Value.{_method}", name="derivatives carried forward")(_Forward)


# -- backward ------------------------------------------------------------------------------------------------------


@mistake("Value.backward", name="gradients replaced", hint="A value that is used twice: grad +=, not =.", credit="1/4")
class Replacing(_Tape):
    def receive(self, share):
        self.grad = share


@mistake(
    "Value.backward", name="without an order", hint="Sort the graph: each value after all made of it.", credit="1/2"
)
class Unsorted(_Tape):
    def backward(self):
        self.grad += 1.0
        waiting = [self]
        while waiting:
            value = waiting.pop(0)
            value.hand_on()
            waiting += value.parents


@mistake("Value.backward", name="nothing to begin with", hint="The derivative of c by c is 1.")
class Unseeded(_Tape):
    def backward(self):
        for value in self._sorted():
            value.hand_on()


@mistake("Value.backward", name="the factors' slopes swapped", hint="By a it is b's data.", credit="1/4")
class Swapped(_Tape):
    def __mul__(self, other):
        other = self._lift(other)
        return self._made(self.data * other.data, (self, other), (self.data, other.data))


@mistake(
    "Value.backward", name="the slope from above left out", hint="The chain rule: times the grad above.", credit="1/4"
)
class Unchained(_Tape):
    def _made(self, data, parents, slopes):
        found = super()._made(data, parents, slopes)

        def hand_on():
            for parent, slope in zip(parents, slopes, strict=True):
                parent.receive(slope)

        found.hand_on = hand_on
        return found


@mistake("Value.backward", name="a power's own exponent", hint="n a ** (n - 1).", credit="3/4")
class Power(_Tape):
    def __pow__(self, power):
        return self._made(self.data**power, (self,), (power * self.data**power,))


@mistake("Value.backward", name="no number on the left", hint="3.0 * a calls a.__rmul__(3.0).", credit="3/4")
class OneSided(_Tape):
    __radd__ = __rmul__ = __rsub__ = __rtruediv__ = None


@mistake("Value.backward", name="a - b from the left is b - a", hint="4.0 - a is 4.0 less a.", credit="3/4")
class TurnedRound(_Tape):
    def __rsub__(self, other):
        return self - other


@mistake("Value.backward", name="gradients begin anew", hint="They add up, from graph to graph.", credit="3/4")
class Forgetting(_Tape):
    def backward(self):
        for value in self._sorted():
            value.grad = 0.0
        super().backward()


# -- functions -----------------------------------------------------------------------------------------------------


@mistake("Value.tanh", name="the slope from the input", hint="1 less the square of the result.", credit="1/2")
class TanhOfInput(_Tape):
    def tanh(self):
        return self._made(math.tanh(self.data), (self,), (1 - self.data**2,))


@mistake("Value.tanh", name="the slope of a sigmoid", hint="That is another function.", credit="1/2")
class TanhLikeSigmoid(_Tape):
    def tanh(self):
        t = math.tanh(self.data)
        return self._made(t, (self,), (t * (1 - t),))


@mistake("Value.tanh", name="no slope", hint="What does backward do with this value?", credit="1/4")
class TanhWithoutSlope(_Tape):
    def tanh(self):
        return type(self)(math.tanh(self.data))


@mistake("Value.relu", name="the slope 1 everywhere", hint="Where v is negative nothing comes through.", credit="1/2")
class ReluOpen(_Tape):
    def relu(self):
        return self._made(max(self.data, 0.0), (self,), (1.0,))


@mistake("Value.relu", name="the slope is the number", hint="The slope of v is 1.", credit="1/2")
class ReluOfNumber(_Tape):
    def relu(self):
        return self._made(max(self.data, 0.0), (self,), (max(self.data, 0.0),))


@mistake("Value.relu", name="negative numbers leak", hint="0 there, not a small share.", credit="1/2")
class ReluLeaking(_Tape):
    def relu(self):
        slope = 1.0 if self.data > 0 else 0.01
        return self._made(slope * self.data, (self,), (slope,))


@mistake("Value.exp", name="the slope 1", hint="exp is its own slope.", credit="1/2")
class ExpOfSlopeOne(_Tape):
    def exp(self):
        return self._made(math.exp(self.data), (self,), (1.0,))


@mistake("Value.exp", name="the slope of a power", hint="x e ** (x - 1) is another function's.", credit="1/2")
class ExpLikePower(_Tape):
    def exp(self):
        return self._made(math.exp(self.data), (self,), (self.data * math.exp(self.data - 1),))


# -- layers --------------------------------------------------------------------------------------------------------


@right("Layer.forward", name="by loops")
@right("Layer.parameters", name="by loops")
class Looping(Layer):
    def forward(self, x):
        found = []
        for i in range(len(self.b)):
            total = self.b[i] + 0.0
            for j in range(len(x)):
                total = total + x[j] * self.w[i][j]
            found.append(total.tanh())
        return found

    def parameters(self):
        found = list(self.b)
        for row in self.w:
            found.extend(row)
        return found


@mistake("Layer.forward", name="no bias", hint="What became of b?", credit="1/2")
class Unbiased(Layer):
    def forward(self, x):
        return [sum((w * each for w, each in zip(row, x, strict=True)), Value(0.0)).tanh() for row in self.w]


@mistake("Layer.forward", name="no tanh", hint="tanh of the sums.", credit="1/2")
class Linear(Layer):
    def forward(self, x):
        rows = zip(self.w, self.b, strict=True)
        return [sum((w * each for w, each in zip(row, x, strict=True)), b) for row, b in rows]


@mistake("Layer.forward", name="new values for the weights", hint="Make them once, in __init__.", credit="1/2")
class Copying(Layer):
    def forward(self, x):
        fresh = Layer([[w.data for w in row] for row in self.w], [b.data for b in self.b])
        return fresh.forward(x)


@mistake("Layer.forward", name="one sum for all", hint="Each row of weights has its own sum.", credit="1/4")
class Summing(Layer):
    def forward(self, x):
        out = super().forward(x)
        return [out[0]] * len(out)


@mistake("Layer.parameters", name="weights alone", hint="Biases are parameters, too.", credit="1/2")
class WeightsAlone(Layer):
    def parameters(self):
        return [weight for row in self.w for weight in row]


@mistake("Layer.parameters", name="rows instead of values", hint="One list of all values.", credit="1/4")
class Rows(Layer):
    def parameters(self):
        return [*self.w, *self.b]

    def zero_grad(self):
        for value in super().parameters():
            value.grad = 0.0


@mistake("Layer.parameters", name="zero_grad does nothing", hint="Set each grad to 0.", credit="1/2")
class NeverZero(Layer):
    def zero_grad(self):
        return None
