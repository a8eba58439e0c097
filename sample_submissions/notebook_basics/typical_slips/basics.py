import numpy as np

temperatures = np.array([14.2, 13.8, 15.1, 17.4, 19.0, 18.3, 16.9])
days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

seconds_in_a_year = 365 * 24 * 60
mean_temperature = sum(temperatures)
temperature_range = temperatures[-1] - temperatures[0]
warmest_day = max(temperatures)
warm_days = [i for i in range(7) if temperatures[i] > temperatures.mean()]


def to_fahrenheit(celsius):
    return 9 / 5 * (celsius + 32)


def is_leap(year):
    return year % 4 == 0


def initials(name):
    print("".join(word[0] for word in name.split()).upper())


def count_above(values, limit):
    return sum([v >= limit for v in values])


def running_total(values):
    for i in range(1, len(values)):
        values[i] += values[i - 1]
    return values


def moving_average(values, k):
    return [sum(values[i : i + k]) / k for i in range(len(values) - k)]


def collatz_steps(n):
    steps = 1
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
