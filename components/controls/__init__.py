"""Widgets: ask, and write the scenario; nothing here computes an answer."""
