// Cards, carousels of them, containers, plans and their tasks.

import { el, freshId } from "../dom.js";
import { element } from "../elements.js";
import { plainText, textObject, wordsOf } from "../mrkdwn.js";
import { picture } from "./image.js";
import { linkNode } from "./references.js";
import { richText } from "./richtext.js";
import { safely } from "./unknown.js";

/** A framed card: picture, icon, words, buttons. */
export function card(block, ctx) {
  const words = (name) => block[name] && el("div", { class: `text card-${name}`, dir: "auto" }, textObject(block[name], ctx));
  if (!block.hero_image && !block.title && !block.actions && !block.body) return null;
  return el(
    "div",
    { class: "card", role: "group", "aria-label": block.title ? wordsOf(block.title, ctx) : "Card" },
    block.hero_image && picture(block.hero_image, ctx, "card-hero"),
    el(
      "div",
      { class: "card-head" },
      block.icon && picture(block.icon, ctx, "card-icon"),
      el("div", { class: "card-titles" }, words("title"), words("subtitle")),
    ),
    words("body"),
    words("subtext"),
    block.actions && el("div", { class: "actions" }, block.actions.map((json) => safely(json, "element", () => element(json, block, ctx)))),
  );
}

/** Cards side by side. */
export function carousel(block, ctx) {
  return el(
    "div",
    { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards" },
    block.elements.map((json) => el("div", { class: "carousel-item", data: { blockId: json.block_id } }, safely(json, "block", () => card(json, ctx)))),
  );
}

/** Blocks in a frame with a title; `draw` draws one of them. */
export function container(block, ctx, draw) {
  const titleId = freshId("container");
  const title = block.rich_text_title ? richText(block.rich_text_title, ctx) : textObject(block.title, ctx);
  const head = [
    block.icon && picture(block.icon, ctx, "card-icon"),
    el(
      "div",
      { class: "card-titles" },
      el("div", { class: "text card-title", id: titleId }, title),
      block.subtitle && el("div", { class: "text card-subtitle" }, textObject(block.subtitle, ctx)),
    ),
  ];
  const body = el("div", { class: "container-body blocks" }, block.child_blocks.map((child) => draw(child, ctx)));
  const width = ["narrow", "standard", "wide", "full"].includes(block.width) ? block.width : "standard";
  const look = `container width-${width}${block.has_header_divider ? " has-line" : ""}`;
  if (!block.is_collapsible) return el("div", { class: look, role: "group", "aria-labelledby": titleId }, el("div", { class: "card-head" }, head), body);
  return el("details", { class: look, open: !block.default_collapsed }, el("summary", { class: "card-head" }, head), body);
}

const STATUS = { pending: "Pending", in_progress: "In progress", complete: "Complete", error: "Failed" };

/** One task of an agent's plan. */
export function taskCard(block, ctx) {
  const status = block.status in STATUS ? block.status : "pending";
  const part = (name, words) =>
    block[name] && el("div", { class: "task-part" }, el("div", { class: "task-part-name" }, words), safely(block[name], "part", () => richText(block[name], ctx)));
  const links = (block.sources ?? []).map((source) => linkNode(source.url, source.text, ctx));
  return el(
    "div",
    { class: `task task-${status}`, role: "group", "aria-label": block.title },
    el(
      "div",
      { class: "task-head" },
      el("span", { class: `glyph glyph-${status}`, "aria-hidden": "true" }),
      el("span", { class: "text task-title" }, plainText(block.title)),
      el("span", { class: "task-status" }, STATUS[status]),
    ),
    part("details", "Details"),
    part("output", "Result"),
    links.length > 0 && el("div", { class: "task-sources" }, links),
  );
}

/** A titled list of tasks. */
export function plan(block, ctx) {
  return el(
    "div",
    { class: "container", role: "group", "aria-label": block.title },
    el("div", { class: "card-head" }, el("div", { class: "text card-title" }, plainText(block.title))),
    (block.tasks ?? []).map((task) => safely(task, "block", () => taskCard(task, ctx))),
  );
}
