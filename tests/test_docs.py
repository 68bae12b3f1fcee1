"""The documentation is true: sources resolve, quantities state units, the floor plan names what there is."""

from __future__ import annotations

import ast
import csv
import inspect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pytest

from components.catalog.parameters import Parameters
from components.engine.replica import decode, prefill
from components.engine.replica.record import Physics
from components.engine.serving.demand import Demand

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "components" / "engine"
DOCS = ROOT / "docs"
SOURCE = re.compile(r"\bSource: *(.+?)(?=\n\s*(?:Args|Returns|Raises):|\n\s*\n|\Z)", re.DOTALL)
ANCHOR = re.compile(r"docs/engine\.md#([\w-]+)")
PUBLIC = re.compile(r"\b(?:19|20)\d\d\b|https?://|\b[a-z0-9-]+\.(?:io|org|com)/")
UNIT = re.compile(r"\[[^\[\]\n]+\]")
NUMBERS = frozenset({"Vec", "float", "int"})
QUANTITIES = ("replica", "serving", "economics")


class Doc(NamedTuple):
    """One docstring and where it stands."""

    where: str
    text: str


def text_of(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def docstrings(path: Path) -> Iterator[Doc]:
    """Docstrings of a module, and the strings that explain a constant or a field."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Doc(f"{path.relative_to(ROOT)}:{node.lineno}", node.value.value)


def sources() -> list[Doc]:
    """What follows "Source:" in the engine's docstrings."""
    docs = [doc for path in sorted(ENGINE.rglob("*.py")) for doc in docstrings(path)]
    return [Doc(doc.where, found.strip()) for doc in docs for found in SOURCE.findall(doc.text)]


def anchors(text: str) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def source_ids() -> set[str]:
    with ROOT.joinpath("data", "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["source_id"] for row in csv.DictReader(file)}


def resolves(source: str, known: set[str], ids: set[str]) -> bool:
    """Whether a source leads somewhere: an anchor that exists, a source id, a reference with a year or address."""
    named = ANCHOR.findall(source)
    if named:
        return set(named) <= known
    return bool(PUBLIC.search(source)) or bool(set(re.findall(r"[\w.-]+", source)) & ids)


def test_every_source_of_the_engine_resolves() -> None:
    found, known, ids = sources(), anchors(text_of("docs", "engine.md")), source_ids()
    assert len(found) > 20
    assert [f"{doc.where}: {doc.text}" for doc in found if not resolves(doc.text, known, ids)] == []


def test_every_anchor_that_code_names_exists() -> None:
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "components").rglob("*.py")]
    named_there = {anchor for text in code for anchor in ANCHOR.findall(text)}
    assert len(named_there) > 10
    assert named_there <= anchors(text_of("docs", "engine.md"))


@pytest.mark.parametrize(
    "source", ["engine design, section 6.", "docs/engine.md#no-such-heading", "see docs/engine.md", "a talk"]
)
def test_a_source_that_leads_nowhere_is_found(source: str) -> None:
    assert not resolves(source, anchors(text_of("docs", "engine.md")), source_ids())


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions of a module and public methods of its public classes."""

    def walk(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield from walk(node.body, f"{prefix}{node.name}.")
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{prefix}{node.name}", node

    yield from walk(ast.parse(path.read_text(encoding="utf-8")).body, "")


def gives_numbers(node: ast.FunctionDef) -> bool:
    """Whether what is returned names a number: an array, a float, a count, or a tuple or mapping of them."""
    if node.returns is None:
        return False
    returned = ast.parse(ast.unparse(node.returns).strip("'\""))
    return any(isinstance(part, ast.Name) and part.id in NUMBERS for part in ast.walk(returned))


def test_every_quantity_states_its_unit() -> None:
    """A docstring says the unit in brackets wherever a public function of physics, load or money returns a number."""
    seen, bare = 0, []
    for room in QUANTITIES:
        for path in sorted((ENGINE / room).rglob("*.py")):
            for name, node in functions(path):
                if gives_numbers(node):
                    seen += 1
                    if not UNIT.search(ast.get_docstring(node) or ""):
                        bare.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    assert seen > 30
    assert bare == []


def between(text: str, name: str) -> str:
    """The part of a page between its marks."""
    found = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", text, re.DOTALL)
    assert found, f"no part {name} in the page"
    return found[1]


def named(table: str) -> dict[str, str]:
    """First column, in code marks, to the second of a table."""
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE))


def packages(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.glob("*/__init__.py")}


def test_the_floor_plan_names_every_room_with_the_sentence_of_its_door() -> None:
    rooms = named(between(text_of("docs", "architecture.md"), "rooms"))
    doors = {
        room: (ast.get_docstring(ast.parse((ENGINE / room / "__init__.py").read_text(encoding="utf-8"))) or "")
        for room in packages(ENGINE)
    }
    assert rooms == {room: said.splitlines()[0] for room, said in doors.items() if said}
    assert set(rooms) == set(doors)


def test_the_floor_plan_names_every_package() -> None:
    page = text_of("docs", "architecture.md")
    assert set(named(between(page, "packages"))) == packages(ROOT / "components")
    missing = [
        path.parent.name for path in (ENGINE / "search").glob("*/__init__.py") if f"`{path.parent.name}`" not in page
    ]
    assert missing == []


def test_the_floor_plan_orders_rooms_as_the_contract_does() -> None:
    tool = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in tool if contract.get("containers") == ["components.engine"])
    layers = [set(re.findall(r"\w+", layer)) for layer in inside["layers"]]
    listed = [*named(between(text_of("docs", "architecture.md"), "rooms")), "scenario"]
    floor = {room: number for number, layer in enumerate(layers) for room in layer}
    assert [floor[room] for room in listed] == sorted(floor[room] for room in listed)


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md", "docs/engine.md", "docs/pitfalls.md"])
def test_every_path_in_the_documentation_exists(page: str) -> None:
    """Paths in code marks, from the root or from the engine, and relative links with their anchors."""
    text = text_of(page)
    paths = set(re.findall(r"`([\w./-]+(?:\.py|\.csv|\.md|\.toml|/))`", text))
    bases = (ROOT, ENGINE, ROOT / "data")
    assert paths
    assert [path for path in sorted(paths) if not any((base / path).exists() for base in bases)] == []
    for link, anchor in re.findall(r"\]\((?!https?://)([^)#\s]*)(?:#([\w-]+))?\)", text):
        target = (ROOT / page).parent / link if link else ROOT / page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{link}#{anchor}"


def test_symbols_name_what_is_in_the_code() -> None:
    text = text_of("docs", "engine.md")
    table = text[text.index("## Symbols") : text.index("## Number formats")]
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|", table, re.MULTILINE)[2:]
    codes = [code for row in rows for code in re.findall(r"`([\w.()]+)`", row)]
    known = {f.name for record in (Physics, Demand, Parameters) for f in fields(record)}
    known |= {f"{name}()" for module in (decode, prefill) for name, _ in inspect.getmembers(module, inspect.isfunction)}
    assert len(codes) > 60
    assert [code for code in codes if code not in known | {"batch", "concurrency", "Sizing.rho"}] == []


def error_table() -> str:
    """data/engine_accuracy.csv as the page shows it."""
    with ROOT.joinpath("data", "engine_accuracy.csv").open(encoding="utf-8", newline="") as file:
        cells = {
            (row["regime"], row["metric"]): (
                f"{float(row['median_error']):.0%} / {float(row['p90_error']):.0%} ({row['groups']})"
            )
            for row in csv.DictReader(file)
        }
    lines = ["| regime | tokens/s per chip | TPOT | TTFT |", "|---|---|---|---|"]
    for regime in dict.fromkeys(regime for regime, _ in cells):
        said = (cells[regime, metric] for metric in ("throughput", "tpot", "ttft"))
        lines.append(f"| {regime} | {' | '.join(said)} |")
    return "\n".join(lines) + "\n"


def test_the_page_shows_the_errors_that_calibration_stored() -> None:
    assert between(text_of("docs", "engine.md"), "errors") == error_table()


def test_the_readme_names_the_folders_and_targets_there_are() -> None:
    text = text_of("README.md")
    told = set(re.findall(r"^\| `components/(\w+)/`", text, re.MULTILINE))
    assert told == packages(ROOT / "components")
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    asked = set(re.findall(r"\bmake ([a-z]+)\b", text))
    assert {"run", "test", "static", "unit", "slow", "browser", "bench", "golden"} <= asked <= targets
