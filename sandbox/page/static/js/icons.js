// The shell's icons: strokes on a grid of 20, drawn in the colour of the text around them.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  archive: "M3 4h14v4H3zM4.5 8v8h11V8M8 11h4",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0v1a2 2 0 0 0 4 0v-1a7 7 0 1 0-3 5.7",
  back: "M12 4l-6 6 6 6",
  bolt: "M11 2 4.5 11.5H10L9 18l6.5-9.5H10z",
  check: "M4 10.5 8 14.5 16 5.5",
  chevron: "M6 8l4 4 4-4",
  clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M10 6v4.2l2.8 1.8",
  close: "M5 5l10 10M15 5 5 15",
  copy: "M7 7h9v9H7zM4 13V4h9",
  down: "M10 4v12M5 11l5 5 5-5",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4",
  forward: "M4 5v10l7-5zM12 5v10l5-5z",
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13M3 12.5h13",
  home: "M3 9.5 10 3.5l7 6M5 8.5V16h10V8.5M8.5 16v-4h3v4",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  moon: "M16 12.2A6.8 6.8 0 0 1 7.8 4 6.8 6.8 0 1 0 16 12.2z",
  more: "M10 4.6v.1M10 10v.1M10 15.4v.1",
  pause: "M7 4.5v11M13 4.5v11",
  people: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2 16.5c0-3 2.5-4.5 5.5-4.5s5.5 1.5 5.5 4.5M13 3.8a3 3 0 0 1 0 5.5M14.5 12.2c2 .5 3.5 1.9 3.5 4.3",
  pin: "M8 3h6M9 3v5l-2.5 3h9L13 8V3M11 11v6",
  play: "M6 4v12l10-6z",
  reply: "M3 4h14v9.5h-7L6 17v-3.5H3zM6.5 8.7h7",
  restart: "M4.5 7A6.5 6.5 0 1 1 3.5 11M4 3v4.5h4.5",
  send: "M3 3.5 17.5 10 3 16.5 4.8 10.7 11 10 4.8 9.3z",
  sun: "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M10 1.8v1.6M10 16.6v1.6M1.8 10h1.6M16.6 10h1.6M4.2 4.2l1.1 1.1M14.7 14.7l1.1 1.1M4.2 15.8l1.1-1.1M14.7 5.3l1.1-1.1",
  traffic: "M2 10h4l2.5-6 3.5 12 2.5-6H18",
  trash: "M4 5.5h12M8 5.5v-2h4v2M5.5 5.5 6.3 17h7.4l.8-11.5M8.5 9v5M11.5 9v5",
  warning: "M10 3 18 17H2zM10 8.5v4M10 14.8v.1",
  window: "M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7",
};

/** An icon by its name; screen readers pass over it, so what carries it needs a name of its own. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
