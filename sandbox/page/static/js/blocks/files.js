// Files of a message: pictures in place, everything else as a box to download.

import { el } from "../dom.js";
import { picture } from "./image.js";

const UNITS = ["bytes", "KB", "MB", "GB"];

/** A file as `message.files` tells it. */
export function fileNode(file, ctx) {
  const name = file.title || file.name || file.id || "File";
  const href = file.id ? ctx.fileUrl?.(file.id) : null;
  const words = [
    el("span", { class: "file-icon", "aria-hidden": "true" }, (file.filetype || extension(file.name) || "file").slice(0, 4)),
    el("span", { class: "file-words" }, el("span", { class: "file-name", dir: "auto" }, name), el("span", { class: "file-size" }, about(file))),
  ];
  if (/^image\/(png|jpe?g|gif|webp)$/.test(file.mimetype ?? "") && href) {
    return el(
      "figure",
      { class: "figure file-figure" },
      el("figcaption", { class: "figure-title", dir: "auto" }, name),
      el("a", { href, target: "_blank", rel: "noopener", "aria-label": `Open ${name}` }, picture({ slack_file: { id: file.id }, alt_text: file.alt_txt || name }, ctx, "full-image")),
    );
  }
  if (!href) return el("div", { class: "file" }, words);
  return el("a", { class: "file", href, target: "_blank", rel: "noopener", download: file.name ?? "" }, words);
}

/** A file block only points to a file elsewhere. */
export function fileBlock(block) {
  return el("div", { class: "file" }, el("span", { class: "file-icon", "aria-hidden": "true" }, "file"), el("span", { class: "file-name" }, block.external_id ?? "A remote file"));
}

function extension(name) {
  return /\.(\w{1,5})$/.exec(name ?? "")?.[1] ?? "";
}

function about(file) {
  const kind = file.pretty_type || (file.filetype || extension(file.name)).toUpperCase();
  return [kind, Number.isFinite(file.size) && size(file.size)].filter(Boolean).join(" · ");
}

function size(bytes) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1000)));
  const number = bytes / 1000 ** step;
  return `${step > 0 && number < 10 ? number.toFixed(1) : Math.round(number)} ${UNITS[step]}`;
}
