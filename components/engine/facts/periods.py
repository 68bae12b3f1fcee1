"""Lengths of an hour, a day, a week and a month, in the one place that every rate per period is turned over with."""

SECONDS_PER_HOUR = 3_600.0


SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR


HOURS_PER_WEEK = 168


DAYS_PER_MONTH = 365.25 / 12


HOURS_PER_MONTH = 24 * DAYS_PER_MONTH
