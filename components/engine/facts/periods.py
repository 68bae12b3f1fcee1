"""Lengths of a day, a week and a month, in the one place that every rate per period is turned over with."""

SECONDS_PER_DAY = 86_400.0


HOURS_PER_WEEK = 168


DAYS_PER_MONTH = 365.25 / 12


HOURS_PER_MONTH = 24 * DAYS_PER_MONTH
