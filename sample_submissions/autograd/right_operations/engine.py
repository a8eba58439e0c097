import math


class Operation:
    def __init__(self, *inputs):
        self.inputs = inputs

    def numbers(self):
        return [v.data for v in self.inputs]


class Add(Operation):
    def value(self):
        a, b = self.numbers()
        return a + b

    def slopes(self):
        return 1.0, 1.0


class Multiply(Operation):
    def value(self):
        a, b = self.numbers()
        return a * b

    def slopes(self):
        a, b = self.numbers()
        return b, a


class Power(Operation):
    def __init__(self, base, n):
        super().__init__(base)
        self.n = n

    def value(self):
        return self.numbers()[0] ** self.n

    def slopes(self):
        return (self.n * self.numbers()[0] ** (self.n - 1),)


class Tanh(Operation):
    def value(self):
        return math.tanh(*self.numbers())

    def slopes(self):
        return (1 - self.value() ** 2,)


class Relu(Operation):
    def value(self):
        return max(0.0, *self.numbers())

    def slopes(self):
        return (1.0,) if self.value() > 0 else (0.0,)


class Exp(Operation):
    def value(self):
        return math.exp(*self.numbers())

    def slopes(self):
        return (self.value(),)


class Value:
    count = 0

    def __init__(self, data, operation=None):
        self.data, self.grad, self.operation = data, 0.0, operation
        Value.count += 1
        self.number = Value.count

    @classmethod
    def of(cls, operation):
        return cls(operation.value(), operation)

    def __add__(self, other):
        return Value.of(Add(self, lift(other)))

    def __mul__(self, other):
        return Value.of(Multiply(self, lift(other)))

    def __pow__(self, n):
        return Value.of(Power(self, n))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -lift(other)

    def __truediv__(self, other):
        return self * lift(other) ** -1

    def __radd__(self, other):
        return lift(other) + self

    def __rmul__(self, other):
        return lift(other) * self

    def __rsub__(self, other):
        return lift(other) - self

    def __rtruediv__(self, other):
        return lift(other) / self

    def tanh(self):
        return Value.of(Tanh(self))

    def relu(self):
        return Value.of(Relu(self))

    def exp(self):
        return Value.of(Exp(self))

    def backward(self):
        """The latest first: what a value is made of was there before it."""
        shares = {self: 1.0}
        while shares:
            latest = max(shares, key=lambda v: v.number)
            share = shares.pop(latest)
            latest.grad += share
            if latest.operation:
                for v, slope in zip(latest.operation.inputs, latest.operation.slopes()):
                    shares[v] = shares.get(v, 0.0) + share * slope


def lift(x):
    return x if isinstance(x, Value) else Value(x)


class Layer:
    def __init__(self, W, b):
        self.w = [[Value(x) for x in row] for row in W]
        self.b = [Value(x) for x in b]

    def forward(self, x):
        outs = []
        for row, bias in zip(self.w, self.b):
            act = bias
            for wi, xi in zip(row, x):
                act = act + wi * xi
            outs.append(act.tanh())
        return outs

    def parameters(self):
        return [p for row in self.w for p in row] + self.b

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0
