"""The sidebar of every page: workload, strategies and their editor, currency and link."""

from components.controls.sidebar.sections import notices, sidebar

__all__ = ["notices", "sidebar"]
