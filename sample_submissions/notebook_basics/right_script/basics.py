import numpy as np

temperatures = np.array([14.2, 13.8, 15.1, 17.4, 19.0, 18.3, 16.9])
days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

seconds_in_a_year = 60 * 60 * 24 * 365
mean_temperature = sum(temperatures) / len(temperatures)
temperature_range = max(temperatures) - min(temperatures)
warmest_day = days[list(temperatures).index(max(temperatures))]
warm_days = [d for d, t in zip(days, temperatures) if t > mean_temperature]


def to_fahrenheit(celsius):
    return 1.8 * celsius + 32


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def initials(name):
    return "".join(word[0] for word in name.split()).upper()


def count_above(values, limit):
    return len([v for v in values if v > limit])


def running_total(values):
    return [sum(values[: i + 1]) for i in range(len(values))]


def moving_average(values, k):
    return [sum(values[i : i + k]) / k for i in range(len(values) - k + 1)]


def collatz_steps(n):
    return 0 if n == 1 else 1 + collatz_steps(n // 2 if n % 2 == 0 else 3 * n + 1)


if __name__ == "__main__":
    print(mean_temperature, warm_days)
