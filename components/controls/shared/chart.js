/* One chart: keeps its drawing and changes only what differs; drawn when it is on the screen or near it, or printed. */
const NEAR = "300px";
const TRIES = 4;
/* As `frame` of the figures reckons: a line of the title, one beneath it, and what a single one lies lower. [px] */
const HEAD = 19, FOOT = 17, ONE = 8;
/* Left and right of a title. [px] */
const ROOM = 12;
/* Of the width: bold words are wider than they are measured. */
const SAFE = 0.95;
const pen = document.createElement("canvas").getContext("2d");
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
  const whole = { ...layout, width: box.clientWidth, font, hoverlabel: { ...layout.hoverlabel, ...hover } };
  return layout.title?.text ? fitted(whole, box, font.family || page.fontFamily) : whole;
}

/* Words in lines no wider than the box; a text keeps its lines where it has no room to change them. */
function lines(words, width, font) {
  pen.font = font;
  const found = [];
  for (const word of words.replaceAll("<br>", " ").split(" ")) {
    const longer = found.length ? `${found.at(-1)} ${word}` : word;
    if (found.length && pen.measureText(plain(longer)).width <= width) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

function plain(html) {
  const text = document.createElement("textarea");
  text.innerHTML = html.replace(/<[^>]*>/g, "");
  return text.value;
}

/* The title and what is beneath it as wide as the box, and the height that this leaves the figure. */
function fitted(layout, box, family) {
  const { title, margin } = layout, { subtitle } = title, width = box.clientWidth - ROOM;
  const head = lines(title.text, width, `${title.font.weight} ${title.font.size}px ${family}`);
  const foot = subtitle.text ? lines(subtitle.text, width, `${subtitle.font.size}px ${family}`) : [];
  const count = text => text ? text.split("<br>").length : 0;
  const more = HEAD * (head.length - count(title.text));
  const taller = more + FOOT * (foot.length - count(subtitle.text)) + ONE * ((foot.length === 1) - (count(subtitle.text) === 1));
  /* Plotly sets a title of several lines a line higher, however many they are. */
  const lower = HEAD * ((head.length > 1) - (count(title.text) > 1));
  return {
    ...layout,
    title: { ...title, text: head.join("<br>"), pad: { ...title.pad, t: title.pad.t + lower }, subtitle: { ...subtitle, text: foot.join("<br>") } },
    margin: { ...margin, t: margin.t + taller },
    height: layout.height + taller,
  };
}

/* Names of rows that are wider than the box end in "…": their words in full stand beneath the chart there. */
function cut(trace, box, font) {
  if (trace.meta !== "names") return trace;
  const width = (box.clientWidth - ROOM) * SAFE;
  pen.font = `${trace.textfont.size}px ${font.family}`;
  const short = name => {
    const words = name.split(" ");
    while (words.length > 1 && pen.measureText(plain(`${words.join(" ")}…`)).width > width) words.pop();
    return words.length === name.split(" ").length ? name : `${words.join(" ").replace(/[,;]$/, "")}…`;
  };
  return { ...trace, text: trace.text.map(short) };
}

function mount(box) {
  const chart = { near: true, stale: false };
  chart.draw = () => {
    box.classList.toggle("fl-due", chart.near && chart.stale);
    if (!chart.near || !chart.stale || !box.clientWidth) return;
    if (!window.Plotly) return void (library ??= loaded(chart.data.plotly)).then(chart.draw, chart.fail);
    const layout = styled(chart.data.figure.layout, box);
    const data = chart.data.figure.data.map(trace => cut(trace, box, layout.font));
    box.style.height = `${layout.height}px`;
    window.Plotly.react(box, data, layout, chart.data.config);
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
  const { layout } = data.figure;
  box.style.height = `${(box.clientWidth ? styled(layout, box) : layout).height}px`;
  chart.change();
  return chart.leave;
}
