"""Formatters of the catalog, under the name the charts know."""

from components.catalog.units import *  # noqa: F403
