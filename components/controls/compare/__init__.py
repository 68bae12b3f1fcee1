"""The Compare page: what do we pay, and what would we pay?"""

from components.controls.compare.choice_cards import choices
from components.controls.compare.comparison_charts import more_charts
from components.controls.compare.headline_figures import headline
from components.controls.compare.layer_steps import layer_steps
from components.controls.compare.strategy_table import infeasible, table
from components.controls.compare.target_price import target_price
from components.controls.compare.why_this_number import why

__all__ = ["choices", "headline", "infeasible", "layer_steps", "more_charts", "table", "target_price", "why"]
