"""Numbers that remember how they were made, and a layer of them."""

from __future__ import annotations

import math
from operator import mul


class Value:
    """A number, with what it was made of and the slopes by that."""

    def __init__(self, data, slopes=()):
        self.data, self.grad, self.slopes = data, 0.0, slopes

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, power):
        return Value(self.data**power, ((self, power * self.data ** (power - 1)),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __sub__(self, other):
        return self + -as_value(other)

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def relu(self):
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, ((self, e),))

    def backward(self, share=1.0):
        self.grad += share
        for value, slope in self.slopes:
            value.backward(share * slope)


def as_value(number):
    return number if isinstance(number, Value) else Value(number)


class Layer:
    """tanh(w x + b), with values for weights and biases."""

    def __init__(self, W, b):
        self.w = [[Value(weight) for weight in row] for row in W]
        self.b = [Value(bias) for bias in b]

    def forward(self, x):
        def unit(row, b):
            return sum(map(mul, row, x), b).tanh()

        return list(map(unit, self.w, self.b))

    def parameters(self):
        return [weight for row in self.w for weight in row] + self.b

    def zero_grad(self):
        for value in self.parameters():
            value.grad = 0.0
