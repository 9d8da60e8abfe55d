// Charts: pie, bars, lines and areas, with a legend, and the figures as a table for who cannot see them.

import { el } from "../dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 560;
const HEIGHT = 240;
const LEFT = 48;
const BOTTOM = 34;
const TOP = 10;
const COLOURS = 12;

/** A data visualization block. */
export function chart(block) {
  const { chart: json, title } = block;
  const pie = json.type === "pie";
  const drawing = pie ? pieOf(json) : axesOf(json);
  const names = (pie ? json.segments.map(({ label }) => label) : json.series.map(({ name }) => name)).map(String);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${title}: ${json.type} chart; its figures follow`);
  return el(
    "div",
    { class: "chart" },
    el("div", { class: "chart-title", dir: "auto" }, title),
    drawing,
    el("ul", { class: "legend" }, names.map((name, index) => el("li", {}, el("span", { class: `swatch series-${index % COLOURS}`, "aria-hidden": "true" }), name))),
    el("details", { class: "figures" }, el("summary", {}, "Figures"), pie ? pieTable(json) : axesTable(json)),
  );
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function tableOf(head, rows) {
  const row = (cells, tag) => el("tr", {}, cells.map((cell) => el(tag, {}, String(cell))));
  return el("table", { class: "table" }, el("thead", {}, row(head, "th")), el("tbody", {}, rows.map((cells) => row(cells, "td"))));
}

const pieTable = ({ segments }) => tableOf(["Part", "Value"], segments.map(({ label, value }) => [label, value]));

function axesTable({ series, axis_config: axes }) {
  const rows = axes.categories.map((category) => [category, ...series.map((one) => valueAt(one, category))]);
  return tableOf([axes.x_label ?? "", ...series.map(({ name }) => name)], rows);
}

function valueAt(series, category) {
  return series.data.find(({ label }) => label === category)?.value ?? 0;
}

function pieOf({ segments }) {
  const sum = segments.reduce((total, { value }) => total + value, 0);
  const node = svg("svg", { class: "chart-pie", viewBox: "-105 -105 210 210" });
  let from = 0;
  segments.forEach(({ label, value }, index) => {
    const part = value / sum;
    // A circle of stroke: its dash is as long as the part, and begins where the one before ended.
    const slice = svg("circle", { r: "50", pathLength: "1", class: `slice series-${index % COLOURS}`, "stroke-dasharray": `${part} 1`, "stroke-dashoffset": String(-from) });
    slice.append(svg("title", {}, `${label}: ${value} (${Math.round(part * 100)}%)`));
    node.append(slice);
    from += part;
  });
  return node;
}

function axesOf(json) {
  const { series, axis_config: axes } = json;
  const categories = axes.categories;
  const values = series.flatMap((one) => categories.map((category) => valueAt(one, category)));
  const scale = scaleOf(Math.min(0, ...values), Math.max(0, ...values));
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - scale.low) / (scale.high - scale.low));
  const step = (WIDTH - LEFT) / categories.length;
  const node = svg("svg", { class: "chart-axes", viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
  for (const tick of scale.ticks) {
    node.append(
      svg("line", { class: "grid", x1: LEFT, x2: WIDTH, y1: y(tick), y2: y(tick) }),
      svg("text", { class: "tick", x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)),
    );
  }
  categories.forEach((category, index) => {
    const short = category.length > step / 7 ? `${category.slice(0, Math.max(2, Math.floor(step / 7) - 1))}…` : category;
    node.append(svg("text", { class: "tick", x: LEFT + step * (index + 0.5), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, short));
  });
  if (axes.x_label) node.append(svg("text", { class: "tick", x: (LEFT + WIDTH) / 2, y: HEIGHT - 3, "text-anchor": "middle" }, axes.x_label));
  if (axes.y_label) node.append(svg("text", { class: "tick", transform: `translate(11 ${HEIGHT / 2 - BOTTOM / 2}) rotate(-90)`, "text-anchor": "middle" }, axes.y_label));
  const marks = json.type === "bar" ? bars : curves;
  node.append(...marks(json, { y, step, categories }));
  return node;
}

function bars({ series }, { y, step, categories }) {
  const wide = (step * 0.7) / series.length;
  return series.flatMap((one, place) =>
    categories.map((category, index) => {
      const value = valueAt(one, category);
      const x = LEFT + step * (index + 0.15) + wide * place;
      const bar = svg("rect", { class: `bar series-${place % COLOURS}`, x, width: Math.max(1, wide - 2), y: Math.min(y(value), y(0)), height: Math.abs(y(value) - y(0)), rx: 2 });
      bar.append(svg("title", {}, `${one.name}, ${category}: ${value}`));
      return bar;
    }),
  );
}

function curves({ series, type }, { y, step, categories }) {
  return series.flatMap((one, place) => {
    const points = categories.map((category, index) => [LEFT + step * (index + 0.5), y(valueAt(one, category))]);
    const line = points.map((point) => point.join(",")).join(" ");
    const foot = `${points.at(-1)[0]},${y(0)} ${points[0][0]},${y(0)}`;
    const look = `series-${place % COLOURS}`;
    return [
      ...(type === "area" ? [svg("polygon", { class: `area ${look}`, points: `${line} ${foot}` })] : []),
      svg("polyline", { class: `curve ${look}`, points: line }),
      ...points.map(([cx, cy], index) => svg("circle", { class: `dot ${look}`, cx, cy, r: 3 }, svg("title", {}, `${one.name}, ${categories[index]}: ${valueAt(one, categories[index])}`))),
    ];
  });
}

/** Round numbers for the axis, from below the least value to above the greatest. */
function scaleOf(low, high) {
  const span = high - low || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const from = Math.floor(low / step);
  const to = Math.max(from + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)));
  return { low: ticks[0], high: ticks.at(-1), ticks };
}
