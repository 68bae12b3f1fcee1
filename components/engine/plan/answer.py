"""The whole answer of a plan in one call, for exports and commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.engine.plan.flips import Flip, find_flips, flip_sentence
from components.engine.plan.futures import DRAWS, DrawModel, Futures, draw_futures
from components.engine.plan.information import Information, worth_of_knowing
from components.engine.plan.paths import BasePlan, base_plan, case_of, look_ups
from components.engine.plan.responses import model_of
from components.engine.plan.sensitivity import Sensitivity, swings_of
from components.engine.plan.sentences import against_rival, bets, plan_headline
from components.engine.plan.switching import SwitchPlan, switch_plan
from components.engine.plan.terms import usable

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.comparison.records import Comparison
    from components.engine.scenario import Scenario
    from components.wording.money import Money


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """A plan answered: on its own terms, over all draws, and what would change it."""

    model: DrawModel
    base: BasePlan
    futures: Futures
    switches: SwitchPlan
    sensitivity: Sensitivity | None
    """None where only one strategy can be planned with."""
    flips: tuple[Flip, ...]
    information: Information

    def sentences(self, money: Money) -> tuple[str, ...]:
        """The decision, how it stands, what it bets on, the best order, what to check, what would change it."""
        by_key = {one.key: one for one in self.model.unknowns}
        said = [
            plan_headline(self.base, money, self.futures) + ".",
            against_rival(self.base, self.futures),
            bets(self.base),
        ]
        said += [f"Best order: {self.switches.words}."]
        said += [f"What moves it most: {self.sensitivity.swings[0].words}."] if self.sensitivity else []
        first = next(iter(self.information.worth), None)
        if first is not None and first.usd > 0:
            said.append(f"Check first: {first.words}, worth up to {money.compact(first.usd)}.")
        said += [flip_sentence(flip, by_key[flip.key], self.base.chosen.name, money) + "." for flip in self.flips]
        return tuple(filter(None, said))


def plan_answer(
    scenario: Scenario, result: Comparison, catalog: Catalog, draws: int = DRAWS, drawn: Futures | None = None
) -> PlanAnswer:
    """Everything the Plan page says of a scenario; terms that contradict others take their usual setting.

    Args:
        scenario: with its plan.
        result: the comparison of the same scenario.
        catalog: the facts.
        draws: number of futures.
        drawn: the futures of the same scenario where they are at hand.
    Raises: ValueError where today's strategy has no price.
    """
    found = look_ups(scenario, result, catalog)
    model = model_of(case_of(found, usable(scenario.plan, found.book)[0]))
    base = base_plan(model.case)
    futures = drawn or draw_futures(model, base, draws)
    return PlanAnswer(
        model=model,
        base=base,
        futures=futures,
        switches=switch_plan(model.case),
        sensitivity=swings_of(model, base),
        flips=find_flips(model, base),
        information=worth_of_knowing(futures, model.unknowns, model.case.terms.seed),
    )
