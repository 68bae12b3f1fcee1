"""The Compare page: what do we pay, and what would we pay?"""

from components.controls.compare.comparison_charts import main_chart, more_charts
from components.controls.compare.headline_figures import headline, metrics
from components.controls.compare.strategy_table import infeasible, table
from components.controls.compare.why_this_number import why

__all__ = ["headline", "infeasible", "main_chart", "metrics", "more_charts", "table", "why"]
