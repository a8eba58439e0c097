import numpy as np


def newton(f, df, x0, tol, max_iter):
    """TODO"""
    raise NotImplementedError


def bisection(f, a, b, tol):
    """TODO"""
    raise NotImplementedError


def simpson(f, a, b, n):
    """TODO"""
    raise NotImplementedError


def lu(A):
    """TODO"""
    raise NotImplementedError


def qr(A):
    """TODO"""
    raise NotImplementedError


def power_iteration(A, x0, steps):
    """TODO"""
    raise NotImplementedError


def conjugate_gradient(A, b, steps):
    """TODO"""
    raise NotImplementedError


def fft(x):
    """TODO"""
    raise NotImplementedError
