/* Presenting: one view of the page at a time, as large as the screen takes; it moves by keyboard and holds no text of
   the reader. A view is the answer, the cards of choice, a row of figures, a table or a chart with its legend. */
(() => {
  if (window.fourLayersPresent) return;
  const LARGEST = 3.4, SMALLEST = 0.7, STEP = 0.05, ROOM = 0.9;
  const root = document.documentElement;
  const page = () => document.querySelector(".stMainBlockContainer");
  let at = 0, on = false, asked = false, timer;

  function block(chart) {
    const box = chart.closest(".stVerticalBlock");
    return box.querySelectorAll(".fl-chart").length === 1 ? box : chart.closest(".stElementContainer");
  }

  function views() {
    const found = [];
    for (const node of page()?.querySelectorAll(".st-key-answer, .st-key-choices, .st-key-metrics, .fl-chart, .fl-table") ?? []) {
      const view = node.classList.contains("fl-chart") ? block(node) : node;
      if (!found.some(other => other.contains(view))) found.push(view);
    }
    return found;
  }

  function clear() {
    for (const node of document.querySelectorAll("[data-fl-view], [data-fl-path]")) {
      node.removeAttribute("data-fl-view");
      node.removeAttribute("data-fl-path");
      node.style.zoom = "";
    }
  }

  function fit(view) {
    for (let zoom = LARGEST; zoom >= SMALLEST; zoom -= STEP) {
      view.style.zoom = zoom;
      const box = view.getBoundingClientRect();
      const wide = Math.max(0, ...[...view.querySelectorAll("h1, .fl-legend, .stMarkdown")].map(e => e.scrollWidth - e.clientWidth));
      if (box.height <= ROOM * window.innerHeight && box.right <= window.innerWidth && wide < 2) return;
    }
  }

  function show() {
    const all = views();
    if (!all.length) return;
    at = Math.min(Math.max(at, 0), all.length - 1);
    const view = all[at];
    if (!view.hasAttribute("data-fl-view")) {
      clear();
      view.setAttribute("data-fl-view", "");
      for (let node = view.parentElement; node && node !== page(); node = node.parentElement) node.setAttribute("data-fl-path", "");
      fit(view);
    }
    const bar = document.querySelector(".fl-bar") ?? document.body.appendChild(Object.assign(document.createElement("div"), { className: "fl-bar" }));
    bar.setAttribute("role", "status");
    const foot = document.querySelector(".fl-foot")?.firstChild?.textContent ?? "";
    const words = `${at + 1} of ${all.length}. Arrow keys move, F fills the screen, Esc leaves. ${foot}`;
    if (bar.textContent !== words) bar.textContent = words;
  }

  function address(value) {
    const url = new URL(location.href);
    if (value) url.searchParams.set("present", "1");
    else url.searchParams.delete("present");
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  function fill() {
    if (!document.fullscreenElement) root.requestFullscreen?.().catch(() => {});
  }

  function enter() {
    on = true;
    at = 0;
    root.classList.add("fl-present");
    address(true);
    show();
  }

  function leave() {
    on = false;
    clear();
    root.classList.remove("fl-present");
    document.querySelector(".fl-bar")?.remove();
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    address(false);
  }

  const MOVES = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  document.addEventListener("keydown", event => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key === "Escape") leave();
    else if (key in MOVES) at += MOVES[key];
    else if (key === "Home") at = 0;
    else if (key === "End") at = views().length - 1;
    else if (key === "f" || key === "F") fill();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (on) show();
  }, { capture: true });
  document.addEventListener("click", event => {
    if (!event.target.closest?.(".fl-start")) return;
    enter();
    fill();
  });
  window.addEventListener("resize", () => {
    if (!on) return;
    clear();
    show();
  });
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const ready = document.querySelector(".fl-foot") && page();
      if (ready && !asked && new URL(location.href).searchParams.get("present") === "1") {
        asked = true;
        enter();
      } else if (on) show();
    }, 120);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
  window.fourLayersPresent = { views: () => views().length, at: () => at };
})();
