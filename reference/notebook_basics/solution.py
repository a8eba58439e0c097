"""A first notebook: five variables, and seven small functions."""

from __future__ import annotations

import calendar

import numpy as np

temperatures = np.array([14.2, 13.8, 15.1, 17.4, 19.0, 18.3, 16.9])
days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

seconds_in_a_year = 365 * 24 * 60 * 60
mean_temperature = float(temperatures.mean())
temperature_range = float(temperatures.max() - temperatures.min())
warmest_day = days[int(temperatures.argmax())]
warm_days = [day for day, degrees in zip(days, temperatures, strict=True) if degrees > mean_temperature]


def to_fahrenheit(celsius):
    return 9 / 5 * celsius + 32


def is_leap(year):
    return calendar.isleap(year)


def initials(name):
    return "".join(word[0].upper() for word in name.split())


def full_name(*words):
    """A name to draw."""
    return " ".join(words)


def count_above(values, limit):
    return int(np.sum(np.asarray(values) > limit))


def running_total(values):
    return np.cumsum(values).tolist()


def moving_average(values, k):
    return [float(np.mean(values[start : start + k])) for start in range(len(values) - k + 1)]


def collatz_steps(n):
    steps = 0
    while n != 1:
        half, odd = divmod(n, 2)
        n = 3 * n + 1 if odd else half
        steps += 1
    return steps
