// Tables: Slack's table block and its larger data table, with pages and sorting left to the app.

import { el, fill, freshId } from "../dom.js";
import { emojiNodes } from "../emoji.js";
import { richText } from "./richtext.js";

const PAGE = 10;

/** A table whose first row is its head. */
export function table(block, ctx) {
  const settings = block.column_settings ?? [];
  const row = (cells, tag, scope) =>
    el("tr", {}, cells.map((cell, index) => cellNode(tag, cell, settings[index], ctx, scope)));
  const [head, ...rows] = block.rows;
  return framed("Table", el("thead", {}, row(head, "th", "col")), el("tbody", {}, rows.map((cells) => row(cells, "td"))));
}

/** A captioned table in pages. */
export function dataTable(block, ctx) {
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? PAGE;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const settings = rows[0]?.map((cell) => (cell.type === "raw_number" ? { align: "right" } : undefined)) ?? [];
  const row = (cells) =>
    el("tr", {}, cells.map((cell, index) => {
      const heads = index === block.row_header_column_index;
      return cellNode(heads ? "th" : "td", cell, settings[index], ctx, heads ? "row" : null);
    }));
  const body = el("tbody");
  const where = el("span", { class: "pages-where", role: "status" });
  let page = 0;
  const show = (to) => {
    page = Math.min(pages - 1, Math.max(0, to));
    fill(body, rows.slice(page * size, (page + 1) * size).map(row));
    where.textContent = `Page ${page + 1} of ${pages}`;
  };
  const turn = (by, words) => el("button", { class: "button", type: "button", on: { click: () => show(page + by) } }, words);
  show(0);
  const headRow = el("tr", {}, head.map((cell, index) => cellNode("th", cell, settings[index], ctx, "col")));
  return el(
    "div",
    { class: "data-table" },
    framed(block.caption, el("caption", { dir: "auto" }, block.caption), el("thead", {}, headRow), body),
    pages > 1 && el("div", { class: "pages" }, turn(-1, "Previous"), where, turn(1, "Next")),
  );
}

function framed(name, ...parts) {
  return el("div", { class: "table-frame", tabindex: "0", role: "group", "aria-label": name, id: freshId("table") }, el("table", { class: "table" }, parts));
}

const ALIGN = new Set(["left", "center", "right"]);

function cellNode(tag, cell, setting, ctx, scope) {
  const look = [ALIGN.has(setting?.align) && `align-${setting.align}`, setting?.is_wrapped && "is-wrapped"].filter(Boolean).join(" ");
  const words = cell.type === "rich_text" ? richText(cell, ctx) : emojiNodes(cell.text ?? String(cell.value ?? ""));
  return el(tag, { class: look || null, scope, dir: "auto" }, words);
}
