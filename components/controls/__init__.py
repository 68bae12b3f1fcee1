"""Widgets by page, and what they share: ask, write the scenario, show answers; nothing here computes one."""
