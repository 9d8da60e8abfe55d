// Draws Block Kit: what a message shows, and lists of blocks. Whatever is unknown or broken becomes a labelled box.

import { el } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { attachmentNode } from "./blocks/attachments.js";
import { fileNode } from "./blocks/files.js";
import { drawBlock } from "./blocks/list.js";

export { BlockList } from "./blocks/list.js";
export { textObject, wordsOf } from "./mrkdwn.js";

/** What a message shows below its author: blocks, else its text; then attachments and files. */
export function messageBody(message, ctx) {
  const { blocks, attachments, files } = message;
  const showsBlocks = Array.isArray(blocks) && blocks.length > 0;
  return el(
    "div",
    { class: "body" },
    showsBlocks && blockList(blocks, ctx),
    !showsBlocks && message.text && el("div", { class: "text message-text", dir: "auto" }, mrkdwn(message.text, ctx)),
    (attachments ?? []).map((attachment) => attachmentNode(attachment, ctx, blockList)),
    (files ?? []).map((file) => fileNode(file, ctx)),
  );
}

/** Blocks, one under the other. */
export function blockList(blocks, ctx) {
  return el("div", { class: "blocks" }, (blocks ?? []).map((block) => drawBlock(block, ctx)));
}
