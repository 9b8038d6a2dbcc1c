// What all figures share: the reader's theme, sizes, text, and drawing.
const data = JSON.parse(document.getElementById("script-data").textContent);
const words = data.words;
const byId = (id) => document.getElementById(id);
const drawings = [];
let printing = false;

function theme() {
  if (printing) return "light";
  const chosen = document.documentElement.dataset.theme;
  return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

// Tokens such as "@rose" become the colours of the theme that is shown.
function painted(value, colours) {
  if (typeof value === "string") return value[0] === "@" ? colours[value.slice(1)] || value : value;
  if (Array.isArray(value)) return value.map((v) => painted(v, colours));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, painted(v, colours)]));
  }
  return value;
}

function merged(base, more) {
  const result = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const both = value && result[key] && typeof value === "object" && !Array.isArray(value) && typeof result[key] === "object";
    result[key] = both ? merged(result[key], value) : value;
  }
  return result;
}

function draw(element, figure) {
  const colours = data.themes[theme()];
  const axis = { tickfont: { color: "@muted" }, title: { font: { color: "@muted", size: 12 } } };
  const style = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: "@ink" },
    hoverlabel: { bgcolor: "@paper", bordercolor: "@rule", font: { family: getComputedStyle(document.body).fontFamily, color: "@ink", size: 12 }, align: "left" },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    width: element.clientWidth,
    height: element.clientHeight,
    ...Object.fromEntries(Object.keys(figure.layout).filter((key) => key.includes("axis")).map((key) => [key, axis])),
  };
  const traces = figure.data.map((trace) =>
    trace.colorbar ? merged(trace, { colorbar: { tickfont: { color: "@muted" } } }) : trace);
  const layout = painted(merged(style, figure.layout), colours);
  return Plotly.react(element, painted(traces, colours), layout, { displayModeBar: false, showTips: false });
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

const grouped = (n) => n.toLocaleString("en-US");
const shown = (n) => (n === null || n === undefined ? "–" : grouped(n));

function signed(value, digits = 2) {
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : (value > 0 ? "+" : "−") + text;
}

function chance(value) {
  if (value === null || value === undefined) return "–";
  return value < 0.001 ? "<0.001" : value.toFixed(value < 0.0995 ? 3 : 2);
}

// Figure labels are pseudo-HTML; look-alikes stand for what could be read as markup.
function unmarked(text) {
  return text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, "").replace(/</g, "‹").replace(/>/g, "›").replace(/&/g, "＆");
}

function sign(tone) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", `sign ${tone}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#sign-${tone}`);
  svg.append(use);
  return svg;
}

function drawAll() {
  for (const drawing of drawings) drawing();
}

// Figures that nothing but the theme and the width changes, by the id of their element.
for (const [id, figure] of Object.entries(data.figures)) {
  const element = byId(id);
  const nticks = () => Math.max(2, Math.round(element.clientWidth / 110));
  drawings.push(() => draw(element, merged(figure, { layout: { xaxis: { nticks: nticks() } } })));
}
