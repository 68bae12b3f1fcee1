"""What every page stands on: the scenario in the address, its comparison, the frame, charts and marks."""

from components.controls.shared.chart import STYLE, chart
from components.controls.shared.comparison import comparison, money
from components.controls.shared.page_frame import enter, faults_said, freeze, require
from components.controls.shared.scenario_state import scenario

__all__ = ["STYLE", "chart", "comparison", "enter", "faults_said", "freeze", "money", "require", "scenario"]
