// Small dialogs: any content, and Slack's question before a click counts.

import { el, freshId } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** The element in which what pops up has to stand, so that an open dialog neither covers nor disables it. */
export function layerOf(node) {
  return node?.closest?.("dialog[open]") ?? [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
}

/** Gives the focus back; where the element was drawn anew meanwhile, to the one in its place. */
export function refocus(node) {
  if (!node || node === document.body) return;
  const target = node.isConnected ? node : successor(node);
  target?.focus({ preventScroll: true });
}

const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";

/** Lets Tab go round within a dialog; by themselves browsers let it out to their own bars. */
export function keepTabIn(dialog, event) {
  if (event.key !== "Tab") return;
  const all = [...dialog.querySelectorAll(FOCUSABLE)].filter((one) => one.tabIndex >= 0 && one.checkVisibility());
  const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  const active = document.activeElement;
  if (active !== from && active !== dialog) return;
  event.preventDefault();
  to?.focus();
}

function successor(node) {
  const { blockId, actionId } = node.dataset ?? {};
  if (!actionId) return null;
  const same = `[data-block-id="${CSS.escape(blockId ?? "")}"][data-action-id="${CSS.escape(actionId)}"]`;
  return document.querySelector(same);
}

/**
 * A dialog in front of everything. `actions` are {label, style, onSelect, primary}; each closes it, and so do Esc and ×
 * (which call `onDismiss`). Answers {close, node}.
 */
export function openDialog({ title, body, actions = [], label, onDismiss }) {
  const before = document.activeElement;
  const titleId = freshId("dialog-title");
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    dialog.close();
    dialog.remove();
    refocus(before);
  };
  const dismiss = () => {
    if (!open) return;
    close();
    onDismiss?.();
  };
  const button = ({ label: text, style, onSelect }) =>
    el("button", {
      class: `button ${style ? `button-${style}` : ""}`,
      type: "button",
      on: {
        click: () => {
          close();
          onSelect?.();
        },
      },
    }, text);
  const buttons = actions.map(button);
  const dialog = el(
    "dialog",
    { class: "dialog", "aria-labelledby": title ? titleId : null, "aria-label": title ? null : label },
    el(
      "header",
      { class: "dialog-head" },
      el("h2", { class: "dialog-title", id: titleId, dir: "auto" }, title),
      el("button", { class: "close", type: "button", "aria-label": "Close", on: { click: dismiss } }),
    ),
    el("div", { class: "dialog-body" }, body),
    buttons.length > 0 && el("footer", { class: "dialog-foot" }, buttons),
  );
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // keys in front of everything mean nothing to what lies behind
    keepTabIn(dialog, event);
    if (event.key !== "Escape") return;
    event.preventDefault();
    dismiss();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss();
  });
  document.body.append(dialog);
  dialog.showModal();
  (buttons.at(-1) ?? dialog.querySelector("button"))?.focus();
  return { close, node: dialog };
}

/** Asks as Slack's `confirm` object says; whether the person agreed. */
export function confirmDialog(confirm, ctx) {
  return new Promise((resolve) => {
    openDialog({
      title: textObject(confirm.title, ctx),
      body: el("div", { class: "text", dir: "auto" }, textObject(confirm.text, ctx)),
      actions: [
        { label: textObject(confirm.deny ?? "Cancel", ctx), onSelect: () => resolve(false) },
        {
          label: textObject(confirm.confirm ?? "OK", ctx),
          style: confirm.style === "danger" ? "danger" : "primary",
          onSelect: () => resolve(true),
        },
      ],
      onDismiss: () => resolve(false),
    });
  });
}
