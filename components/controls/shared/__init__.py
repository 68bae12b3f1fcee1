"""What every page stands on: the scenario in the address, its comparison, the frame, charts and marks."""

from components.controls.shared.chart import STYLE, chart
from components.controls.shared.comparison import comparison, money
from components.controls.shared.icons import quiet_icons
from components.controls.shared.page_frame import enter, faults_said, freeze, name_tab, require
from components.controls.shared.paper import foot
from components.controls.shared.present import present, present_table
from components.controls.shared.scenario_state import address, scenario

__all__ = [
    "STYLE",
    "address",
    "chart",
    "comparison",
    "enter",
    "faults_said",
    "foot",
    "freeze",
    "money",
    "name_tab",
    "present",
    "present_table",
    "quiet_icons",
    "require",
    "scenario",
]
