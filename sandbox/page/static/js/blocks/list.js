// The table of blocks, and a list of them that can be brought up to date without losing what is typed in it.

import { el, reconcile } from "../dom.js";
import * as cards from "./cards.js";
import { chart } from "./chart.js";
import { actions, contextActions, inputBlock } from "./interactive.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./table.js";
import * as texts from "./texts.js";
import { safely, unknown } from "./unknown.js";
import { video } from "./video.js";
import { fileBlock } from "./files.js";

const BLOCKS = {
  actions,
  alert: texts.alert,
  card: cards.card,
  carousel: cards.carousel,
  container: (block, ctx) => cards.container(block, ctx, drawBlock),
  context: texts.context,
  context_actions: contextActions,
  data_table: dataTable,
  data_visualization: chart,
  divider: texts.divider,
  file: fileBlock,
  header: texts.header,
  image: texts.image,
  input: inputBlock,
  markdown,
  plan: cards.plan,
  rich_text: richText,
  section: texts.section,
  table,
  task_card: cards.taskCard,
  video,
};

/** One block, of whatever kind. */
export function drawBlock(block, ctx) {
  const known = Object.hasOwn(BLOCKS, block?.type);
  const draw = () => (known ? BLOCKS[block.type](block, ctx) : unknown(block?.type));
  return el("div", { class: `block block-${known ? block.type : "unknown"}`, data: { blockId: block?.block_id } }, safely(block, "block", draw));
}

/** The blocks of a view that stays on screen while the app changes it. */
export class BlockList {
  node = el("div", { class: "blocks" });
  controls = new Map();

  /** Draws what changed; fields that stay keep their text, their focus and their open lists. */
  draw(blocks, ctx) {
    const before = new Map(this.controls);
    const own = { ...ctx, controls: this.controls, before };
    const had = focusIn(this.node);
    reconcile(
      this.node,
      blocks.map((block, index) => ({
        key: block.block_id ?? `${index}`,
        version: JSON.stringify(block),
        make: () => drawBlock(block, own),
      })),
    );
    this.#forget();
    this.#show(ctx);
    if (had) had.restore(this.node);
  }

  /** Controls whose block has gone. */
  #forget() {
    for (const [key, { node, close }] of [...this.controls]) {
      if (this.node.contains(node)) continue;
      close?.();
      this.controls.delete(key);
    }
  }

  #show(ctx) {
    for (const { show, read, fault, blockId } of this.controls.values()) {
      show(read(ctx));
      fault?.(ctx.errors?.[blockId]);
    }
  }
}

/** Where the focus and the caret are in there, so that they can go back to the same field. */
function focusIn(root) {
  const active = document.activeElement;
  if (!root.contains(active)) return null;
  const { blockId, actionId } = active.closest("[data-action-id]")?.dataset ?? {};
  const within = active.value;
  const caret = active.selectionStart === null ? null : [active.selectionStart, active.selectionEnd];
  return {
    restore(node) {
      if (active.isConnected || actionId === undefined) return;
      const same = [...node.querySelectorAll("[data-action-id]")].find(
        (one) => one.dataset.actionId === actionId && one.dataset.blockId === blockId,
      );
      const boxes = [...(same?.querySelectorAll("input") ?? [])];
      const target = boxes.find((box) => box.value === within) ?? boxes[0] ?? same;
      target?.focus({ preventScroll: true });
      if (caret && target?.setSelectionRange && target.selectionStart !== null) target.setSelectionRange(...caret);
    },
  };
}
