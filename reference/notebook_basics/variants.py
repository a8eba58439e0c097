"""What beginners write instead, and what is right too."""

from __future__ import annotations

import calendar

import numpy as np
from solution import days, temperatures

from grader.reference import mistake, right

# -- variables -----------------------------------------------------------------------------------------------------


@mistake("seconds_in_a_year", name="a day's minutes", hint="A minute has 60 seconds of its own.", credit="1/2")
def minutes_in_a_year():
    return 365 * 24 * 60


@mistake("seconds_in_a_year", name="a leap year", hint="This year has 365 days.", credit="1/2")
def seconds_in_a_leap_year():
    return 366 * 24 * 60 * 60


@mistake("mean_temperature", name="the sum", hint="A mean is the sum, divided by how many there are.", credit="1/4")
def sum_of_temperatures():
    return sum(temperatures)


@mistake("mean_temperature", name="the median", hint="The value in the middle is another thing than the mean.")
def median_temperature():
    return np.median(temperatures)


@mistake("mean_temperature", name="divided by one less", hint="How many temperatures are there?", credit="1/2")
def mean_over_one_less():
    return sum(temperatures) / (len(temperatures) - 1)


@mistake("temperature_range", name="the last less the first", hint="Highest and lowest may stand anywhere.")
def last_less_first():
    return temperatures[-1] - temperatures[0]


@mistake("temperature_range", name="the other way round", hint="A range isn't negative.", credit="1/2")
def range_turned_round():
    return min(temperatures) - max(temperatures)


@mistake("warmest_day", name="the coldest day", hint="Do you look for the highest temperature?", credit="1/4")
def coldest_day():
    return days[int(np.argmin(temperatures))]


@mistake("warmest_day", name="the last day of the alphabet", hint="max(days) compares names, not temperatures.")
def last_name():
    return max(days)


@mistake("warm_days", name="the cold days", hint="Warmer than the mean: which way does your comparison point?")
def cold_days():
    mean = sum(temperatures) / len(temperatures)
    return [day for day, degrees in zip(days, temperatures, strict=True) if degrees < mean]


@mistake("warm_days", name="places instead of names", hint="The names of the days, not their places.", credit="1/2")
def warm_places():
    return [place for place, degrees in enumerate(temperatures) if degrees > np.mean(temperatures)]


@mistake("warm_days", name="in the order of the temperatures", hint="In the order of the week.", credit="1/2")
def warm_days_sorted():
    pairs = sorted(zip(temperatures, days, strict=True))
    return [day for degrees, day in pairs if degrees > np.mean(temperatures)]


# -- functions -----------------------------------------------------------------------------------------------------


@right("to_fahrenheit", name="in two steps")
def fahrenheit_in_two_steps(celsius):
    scaled = celsius * 1.8
    return scaled + 32


@mistake("to_fahrenheit", name="5/9 for 9/5", hint="A degree Fahrenheit is the smaller one.", credit="1/4")
def fahrenheit_by_five_ninths(celsius):
    return 5 / 9 * celsius + 32


@mistake("to_fahrenheit", name="32 added first", hint="Which comes first, the product or the sum?", credit="1/4")
def fahrenheit_with_early_sum(celsius):
    return 9 / 5 * (celsius + 32)


@mistake("to_fahrenheit", name="from Fahrenheit to Celsius", hint="You turn it the other way round.", credit="1/4")
def celsius_of_fahrenheit(celsius):
    return 5 / 9 * (celsius - 32)


@mistake("to_fahrenheit", name="without the 32", hint="0 degrees Celsius are 32 degrees Fahrenheit.", credit="1/4")
def fahrenheit_without_start(celsius):
    return 9 / 5 * celsius


@right("is_leap", name="by questions one after the other")
def is_leap_by_questions(year):
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0


@right("is_leap", name="in one line")
def is_leap_in_one_line(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@mistake("is_leap", name="each fourth year", hint="What of 1900?", credit="1/4")
def is_leap_by_four(year):
    return year % 4 == 0


@mistake("is_leap", name="no century", hint="What of 2000?", credit="1/2")
def is_leap_without_centuries(year):
    return year % 4 == 0 and year % 100 != 0


@mistake("is_leap", name="the answer turned round", hint="True is for years that have such a day.", credit="1/4")
def is_no_leap(year):
    return not calendar.isleap(year)


@mistake("is_leap", name="centuries only", hint="Most leap years are no centuries.")
def is_leap_century(year):
    return year % 400 == 0


@right("initials", name="by a loop")
def initials_by_a_loop(name):
    found = ""
    for word in name.split(" "):
        found += word[0]
    return found.upper()


@right("initials", name="by what stands after a blank")
def initials_by_blanks(name):
    found = name[0]
    for place in range(1, len(name)):
        if name[place - 1] == " ":
            found = found + name[place]
    return found.upper()


@mistake("initials", name="small letters", hint="Capitals: see what .upper() does.", credit="1/2")
def small_initials(name):
    return "".join(word[0] for word in name.split())


@mistake("initials", name="the first and the last word only", hint="A name may have three words.", credit="1/2")
def outer_initials(name):
    words = name.split()
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else words[0][0].upper()


@mistake("initials", name="with dots", hint="Letters alone: 'AK'.", credit="1/2")
def initials_with_dots(name):
    return "".join(f"{word[0].upper()}." for word in name.split())


@mistake("initials", name="a list of letters", hint="One text: join the letters.", credit="1/2")
def listed_initials(name):
    return [word[0].upper() for word in name.split()]


@mistake("initials", name="the first word only", hint="Each word has an initial.", credit="1/4")
def first_initial(name):
    return name[0].upper()


@right("count_above", name="by a loop")
def count_above_by_a_loop(values, limit):
    count = 0
    for value in values:
        if value > limit:
            count += 1
    return count


@right("count_above", name="by a list")
def count_above_by_a_list(values, limit):
    return len([value for value in values if value > limit])


@mistake("count_above", name="those at the limit too", hint="Greater, not equal.", credit="1/2")
def count_at_or_above(values, limit):
    return sum(value >= limit for value in values)


@mistake("count_above", name="those below", hint="Which way does your comparison point?", credit="1/4")
def count_below(values, limit):
    return sum(value < limit for value in values)


@mistake("count_above", name="the sum of them", hint="How many there are, not what they add up to.", credit="1/4")
def sum_above(values, limit):
    return sum(value for value in values if value > limit)


@mistake("count_above", name="a return within the loop", hint="The loop ends at its first return.")
def count_of_first(values, limit):
    count = 0
    for value in values:
        if value > limit:
            count += 1
        return count
    return count


@right("running_total", name="by a loop")
def running_total_by_a_loop(values):
    total, totals = 0.0, []
    for value in values:
        total += value
        totals.append(total)
    return totals


@right("running_total", name="by numpy")
def running_total_by_numpy(values):
    return np.cumsum(values)


@right("running_total", name="by sums of slices")
def running_total_by_slices(values):
    return [sum(values[: count + 1]) for count in range(len(values))]


@mistake("running_total", name="the sum alone", hint="One sum for each place, not one for all.", credit="1/4")
def only_the_total(values):
    return sum(values)


@mistake("running_total", name="without the value itself", hint="Entry i counts value i, too.", credit="1/2")
def running_total_before(values):
    return [sum(values[:count]) for count in range(len(values))]


@mistake("running_total", name="one zero too many", hint="As many sums as values.", credit="1/2")
def running_total_from_zero(values):
    return [sum(values[:count]) for count in range(len(values) + 1)]


@mistake("running_total", name="written into values", hint="Begin with a copy.", credit="3/4")
def running_total_in_place(values):
    for place in range(1, len(values)):
        values[place] = values[place] + values[place - 1]
    return values


@mistake("running_total", name="sums of two neighbours", hint="Each sum holds all values before.", credit="1/4")
def neighbour_sums(values):
    return [value + (values[place - 1] if place else 0.0) for place, value in enumerate(values)]


@right("moving_average", name="by a loop")
def moving_average_by_a_loop(values, k):
    means = []
    for end in range(k, len(values) + 1):
        window = values[end - k : end]
        means += [sum(window) / k]
    return means


@right("moving_average", name="by a convolution")
def moving_average_by_convolution(values, k):
    return np.convolve(values, np.ones(k) / k, mode="valid")


@right("moving_average", name="by differences of running totals")
def moving_average_by_totals(values, k):
    totals = np.concatenate([[0.0], np.cumsum(values)])
    return (totals[k:] - totals[:-k]) / k


@mistake("moving_average", name="one window too few", hint="Do you reach the last value?", credit="1/2")
def moving_average_short(values, k):
    return [float(np.mean(values[start : start + k])) for start in range(len(values) - k)]


@mistake("moving_average", name="sums instead of means", hint="Divide by k.", credit="1/2")
def moving_sums(values, k):
    return [sum(values[start : start + k]) for start in range(len(values) - k + 1)]


@mistake("moving_average", name="shorter windows at the end", hint="Only whole windows count.", credit="1/2")
def moving_average_to_the_end(values, k):
    return [float(np.mean(values[start : start + k])) for start in range(len(values))]


@mistake("moving_average", name="divided by all", hint="A window has k values.", credit="1/2")
def moving_average_over_all(values, k):
    return [sum(values[start : start + k]) / len(values) for start in range(len(values) - k + 1)]


@mistake("moving_average", name="windows side by side", hint="The next window begins one place further.", credit="1/4")
def block_averages(values, k):
    return [float(np.mean(values[start : start + k])) for start in range(0, len(values) - k + 1, k)]


@right("collatz_steps", name="by recursion")
def collatz_by_recursion(n):
    if n == 1:
        return 0
    return 1 + (collatz_by_recursion(n // 2) if n % 2 == 0 else collatz_by_recursion(3 * n + 1))


@right("collatz_steps", name="by the numbers on the way")
def collatz_by_numbers(n):
    numbers = [int(n)]
    while numbers[-1] > 1:
        last = numbers[-1]
        numbers.append(3 * last + 1 if last % 2 else last // 2)
    return len(numbers) - 1


@mistake("collatz_steps", name="numbers instead of steps", hint="1 needs no step.", credit="1/2")
def collatz_numbers(n):
    return collatz_by_recursion(n) + 1


@mistake("collatz_steps", name="the last step isn't counted", hint="Go on until you are at 1.", credit="1/2")
def collatz_to_two(n):
    return max(collatz_by_recursion(n) - 1, 0)


@mistake("collatz_steps", name="3 n without the 1", hint="An odd number becomes 3 n + 1.")
def collatz_without_one(n):
    steps = 0
    while n > 1 and steps < 200:
        n = n // 2 if n % 2 == 0 else 3 * n
        steps += 1
    return steps


@mistake("collatz_steps", name="the largest number on the way", hint="Count the steps.", credit="1/4")
def collatz_peak(n):
    peak = n
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        peak = max(peak, n)
    return peak
