"""Lengths of an hour, a day, a week and a month, in the one place that every rate per period is turned over with."""

SECONDS_PER_HOUR = 3_600.0


SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR


HOURS_PER_WEEK = 168


DAYS_PER_MONTH = 365.25 / 12


HOURS_PER_MONTH = 24 * DAYS_PER_MONTH


PER_DAY = {
    "second": SECONDS_PER_DAY,
    "minute": SECONDS_PER_DAY / 60,
    "hour": 24.0,
    "day": 1.0,
    "week": 1 / 7,
    "month": 1 / DAYS_PER_MONTH,
    "year": 1 / (12 * DAYS_PER_MONTH),
}
"""Daily rate of once in a period. [1/day]"""
