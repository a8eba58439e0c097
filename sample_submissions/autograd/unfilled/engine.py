class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    def __add__(self, other):
        raise NotImplementedError

    def __mul__(self, other):
        raise NotImplementedError

    def tanh(self):
        raise NotImplementedError

    def relu(self):
        raise NotImplementedError

    def exp(self):
        raise NotImplementedError

    def backward(self):
        raise NotImplementedError


class Layer:
    def __init__(self, W, b):
        self.w = [[Value(x) for x in row] for row in W]
        self.b = [Value(x) for x in b]

    def forward(self, x):
        raise NotImplementedError

    def parameters(self):
        raise NotImplementedError

    def zero_grad(self):
        raise NotImplementedError
