from math import cosh, e, tanh


class Value:
    def __init__(self, data, *made_of):
        self.data = data
        self.made_of = made_of
        self.grad = 0

    def backward(self, share=1):
        self.grad = self.grad + share
        for v, d in self.made_of:
            v.backward(share * d)

    def __add__(self, o):
        if isinstance(o, Value):
            return Value(self.data + o.data, (self, 1), (o, 1))
        return Value(self.data + o, (self, 1))

    def __mul__(self, o):
        if isinstance(o, Value):
            return Value(self.data * o.data, (self, o.data), (o, self.data))
        return Value(self.data * o, (self, o))

    def __truediv__(self, o):
        if isinstance(o, Value):
            return Value(self.data / o.data, (self, 1 / o.data), (o, -self.data / o.data / o.data))
        return Value(self.data / o, (self, 1 / o))

    def __rtruediv__(self, number):
        return Value(number / self.data, (self, -number / self.data**2))

    def __sub__(self, o):
        return self + o * -1

    def __rsub__(self, number):
        return Value(number - self.data, (self, -1))

    def __neg__(self):
        return Value(-self.data, (self, -1))

    def __pow__(self, n):
        return Value(self.data**n, (self, n * self.data**n / self.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def tanh(self):
        return Value(tanh(self.data), (self, cosh(self.data) ** -2))

    def relu(self):
        return Value(self.data, (self, 1)) if self.data > 0 else Value(0.0, (self, 0))

    def exp(self):
        return Value(e**self.data, (self, e**self.data))


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
            p.grad *= 0
