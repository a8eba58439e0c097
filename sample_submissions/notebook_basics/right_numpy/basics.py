import numpy as np

temperatures = np.array([14.2, 13.8, 15.1, 17.4, 19.0, 18.3, 16.9])
days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

seconds_in_a_year = int(np.prod([365, 24, 60, 60]))
mean_temperature = np.mean(temperatures)
temperature_range = np.ptp(temperatures)
warmest_day = np.array(days)[np.argmax(temperatures)]
warm_days = list(np.array(days)[temperatures > temperatures.mean()])


def to_fahrenheit(celsius):
    return np.float64(celsius) * 9 / 5 + 32


def is_leap(year):
    return np.logical_and(year % 4 == 0, np.logical_or(year % 100 != 0, year % 400 == 0))


def initials(name):
    return "".join(np.array([word[:1] for word in name.split()])).upper()


def count_above(values, limit):
    return np.count_nonzero(np.array(values) > limit)


def running_total(values):
    return np.cumsum(values)


def moving_average(values, k):
    totals = np.cumsum(np.insert(np.asarray(values, dtype=float), 0, 0.0))
    return (totals[k:] - totals[:-k]) / k


def collatz_steps(n):
    path = [int(n)]
    while path[-1] != 1:
        path.append(path[-1] // 2 if path[-1] % 2 == 0 else 3 * path[-1] + 1)
    return len(path) - 1
