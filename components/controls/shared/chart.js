/* One chart: keeps its drawing and changes only what differs; drawn when it is on the screen or near it, or printed. */
const NEAR = "300px";
const TRIES = 4;
const charts = new WeakMap();
let library;

function script(url) {
  return new Promise((done, failed) => {
    const tag = Object.assign(document.createElement("script"), { src: url, onload: () => done(window.Plotly) });
    tag.onerror = () => { tag.remove(); failed(new Error(url)); };
    document.head.append(tag);
  });
}

async function loaded(url) {
  for (let tried = 1; ; tried++) {
    try { return await script(url); }
    catch (error) {
      if (tried === TRIES) { library = undefined; throw error; }
      await new Promise(done => setTimeout(done, 500 * 2 ** tried));
    }
  }
}

function styled(layout, box) {
  const page = getComputedStyle(box), of = name => page.getPropertyValue(`--st-${name}`).trim();
  const font = { ...layout.font, color: of("text-color"), family: of("font") };
  const hover = { bgcolor: of("background-color"), bordercolor: of("border-color"), font };
  return { ...layout, width: box.clientWidth, font, hoverlabel: { ...layout.hoverlabel, ...hover } };
}

function mount(box) {
  const chart = { near: true, stale: false };
  chart.draw = () => {
    box.classList.toggle("fl-due", chart.near && chart.stale);
    if (!chart.near || !chart.stale || !box.clientWidth) return;
    if (!window.Plotly) return void (library ??= loaded(chart.data.plotly)).then(chart.draw, chart.fail);
    const { data, layout } = chart.data.figure;
    window.Plotly.react(box, data, styled(layout, box), chart.data.config);
    for (const svg of box.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${box.clientWidth} ${layout.height}`);
    [chart.width, chart.stale] = [box.clientWidth, false];
    box.classList.remove("fl-due");
  };
  chart.fail = () => { box.textContent = `The chart could not be loaded; reload the page to try again. ${chart.data.alt}`; };
  chart.change = () => { chart.stale = true; chart.draw(); };
  const print = () => { const { near } = chart; chart.near = true; chart.draw(); chart.near = near; };
  const sight = new IntersectionObserver(seen => { chart.near = seen.at(-1).isIntersecting; chart.draw(); }, { rootMargin: NEAR });
  const size = new ResizeObserver(() => { if (box.clientWidth !== chart.width) chart.change(); });
  chart.leave = () => {
    sight.disconnect();
    size.disconnect();
    window.removeEventListener("beforeprint", print);
    window.Plotly?.purge(box);
  };
  window.addEventListener("beforeprint", print);
  sight.observe(box);
  size.observe(box);
  charts.set(box, chart);
  return chart;
}

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".fl-chart");
  const chart = charts.get(box) ?? mount(box);
  chart.data = data;
  box.setAttribute("aria-label", data.alt);
  box.style.height = `${data.figure.layout.height}px`;
  chart.change();
  return chart.leave;
}
