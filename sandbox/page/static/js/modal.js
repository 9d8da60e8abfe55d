// The modals on a person's screen, as Slack shows them: the top one of the stack, with its fields, errors and buttons.

import { post } from "./api.js";
import { keepTabIn, refocus } from "./confirm.js";
import { el, fill, freshId, reconcile } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { BlockList } from "./blocks/list.js";
import { Sender } from "./blocks/sender.js";

const FIELDS = "input:not([disabled], [type=hidden]), textarea:not([disabled])";

export class Modals {
  #sheet = null;
  #before = null;
  #left = new Map();

  /** `root` holds the dialog; `contextFor(view)` makes a view's ctx; `onError(error)` hears what went wrong. */
  constructor({ root, contextFor, onError }) {
    Object.assign(this, { root, contextFor, onError });
  }

  /** Draws what `GET /control/views` answered, the top view last. */
  show(views) {
    const top = views.at(-1);
    for (const id of this.#left.keys()) {
      if (!views.some((view) => view.id === id)) this.#left.delete(id);
    }
    if (this.#sheet && this.#sheet.id !== top?.id) this.#leave();
    if (!top) {
      const before = this.#before;
      this.#before = null;
      refocus(before);
      return;
    }
    this.#before ??= document.activeElement;
    if (this.#sheet) {
      this.#sheet.draw(top, views.length);
    } else {
      this.#sheet = new Sheet(this, top, views.length);
      this.root.append(this.#sheet.node);
      this.#sheet.open(this.#left.get(top.id));
    }
  }

  /** The view on screen gives way to another; where the focus was is kept for when it comes back. */
  #leave() {
    const { id } = this.#sheet;
    this.#left.set(id, this.#sheet.leave());
    this.#sheet = null;
  }
}

/** One view on screen. */
class Sheet {
  #view;
  #sender = new Sender();
  #submitting = false;
  #told = null;
  #idle = null;

  constructor(modals, view, depth) {
    this.modals = modals;
    this.id = view.id;
    const titleId = freshId("modal-title");
    this.title = el("h2", { class: "modal-title", id: titleId, dir: "auto" });
    this.cross = el("button", { class: "close", type: "button", on: { click: () => this.#close({ all: true }) } });
    this.list = new BlockList();
    this.body = el("div", { class: "modal-body" }, this.list.node);
    this.notice = el("div", { class: "modal-notice", role: "alert", hidden: true });
    this.cancel = el("button", { class: "button", type: "button", on: { click: () => this.#close() } });
    this.submit = el("button", { class: "button button-primary", type: "submit" });
    this.form = el(
      "form",
      { class: "modal-form", novalidate: true, on: { submit: (event) => this.#submit(event) } },
      el("header", { class: "modal-head" }, this.title, this.cross),
      this.body,
      this.notice,
      el("footer", { class: "modal-foot" }, this.cancel, this.submit),
    );
    this.node = el("dialog", { class: "modal", "aria-labelledby": titleId, data: { view: view.id } }, this.form);
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("input", () => this.#tell(null));
    this.node.addEventListener("cancel", (event) => event.preventDefault());
    this.node.addEventListener("close", () => {
      if (this.node.isConnected) this.#close(); // a phone's back gesture cannot be refused
    });
    this.draw(view, depth);
  }

  /** Puts the view on screen; `left`: where the focus was when it was there before. */
  open(left) {
    this.node.showModal();
    const target = left && this.list.controls.get(left)?.target;
    if (target) target.focus();
    else this.#focusFirst();
  }

  /** Takes it off the screen; answers which field had the focus. */
  leave() {
    const had = document.activeElement;
    const key = [...this.list.controls].find(([, { node }]) => node.contains(had))?.[0];
    for (const { close } of this.list.controls.values()) close?.();
    this.node.close();
    this.node.remove();
    return key;
  }

  /** Brings it in line with what the sandbox says. */
  draw(view, depth) {
    this.#view = view;
    const ctx = this.#context(view);
    fill(this.title, textObject(view.title, ctx));
    this.cross.setAttribute("aria-label", depth > 1 ? "Close all" : "Close");
    const withSubmit = Boolean(view.submit);
    write(this.cancel, view.close ?? (depth > 1 ? "Back" : withSubmit ? "Cancel" : "Close"), ctx);
    this.submit.hidden = !withSubmit;
    write(this.submit, view.submit, ctx);
    this.submit.disabled = view.submit_disabled === true;
    this.#say();
    this.list.draw(view.blocks ?? [], ctx);
    if (this.node.open && this.#focusIsIdle()) this.#focusFirst();
  }

  /** The view's ctx: its fields share one queue, and what goes wrong is said in the modal, which covers all else. */
  #context(view) {
    return { ...this.modals.contextFor(view), sender: this.#sender, tell: (text) => this.#tell(text) };
  }

  /** A sentence of the page's own, beside those of the sandbox; it stays until the person goes on. */
  #tell(text) {
    this.#told = text;
    this.#say();
  }

  #say() {
    const text = this.#told ?? this.#view.notice ?? "";
    if (this.notice.textContent !== text) fill(this.notice, text);
    this.notice.hidden = text === "";
  }

  // Focus

  #focusIsIdle() {
    const active = document.activeElement;
    return active === this.#idle || active === this.node || !this.node.contains(active);
  }

  /** The field that the app wants, else the first; a button while there is none yet. */
  #focusFirst() {
    const touch = matchMedia("(pointer: coarse)").matches; // there, a keyboard would cover half of the form
    const wanted = this.#wanted();
    const field = wanted?.target ?? (touch ? null : this.body.querySelector(FIELDS));
    const button = this.body.querySelector(".button") ?? (this.submit.hidden ? this.cancel : this.submit);
    const target = field ?? (touch ? this.cross : button);
    this.#idle = field ? null : target; // from here the focus goes on to a field as soon as there is one
    target.focus({ preventScroll: !wanted });
  }

  #wanted() {
    const elements = (this.#view.blocks ?? []).flatMap((block) =>
      [block.element, block.accessory, ...(block.elements ?? [])].filter(Boolean).map((json) => [block, json]),
    );
    const found = elements.find(([, json]) => json.focus_on_load === true);
    return found && this.list.controls.get(`${found[0].block_id}\u0000${found[1].action_id}`);
  }

  #focusError() {
    const wrong = this.body.querySelector(".has-error");
    if (!wrong) return;
    wrong.scrollIntoView({ block: "center" });
    wrong.querySelector(`${FIELDS}, button`)?.focus({ preventScroll: true });
  }

  // Keys and buttons

  #key(event) {
    event.stopPropagation(); // keys in a modal mean nothing to the page behind it
    if (event.isComposing) return;
    keepTabIn(this.node, event);
    if (event.key === "Escape") {
      event.preventDefault();
      this.#close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !this.submit.hidden) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#submitting || this.submit.hidden || this.submit.disabled) return;
    let closed = false;
    this.#busy(true);
    try {
      if (!(await this.#sender.flush())) return; // what went wrong has been told
      this.#tell(null);
      const answer = await post("view/submit", { user: this.#view.user, view_id: this.id });
      closed = answer.closed; // it goes as soon as the page hears of it
      if (closed || !this.node.isConnected) return;
      if (Object.keys(answer.errors ?? {}).length > 0) this.#refused(answer.errors);
      else if (answer.notice) this.#tell(answer.notice);
    } catch (error) {
      this.#tell(error.message);
      this.modals.onError?.(error);
    } finally {
      if (!closed) this.#busy(false);
    }
  }

  #refused(errors) {
    this.#view = { ...this.#view, errors };
    this.list.draw(this.#view.blocks ?? [], this.#context(this.#view));
    this.#focusError();
  }

  #busy(on) {
    this.#submitting = on;
    this.submit.toggleAttribute("aria-busy", on);
    if (on) this.submit.setAttribute("aria-busy", "true");
    this.form.classList.toggle("is-submitting", on);
  }

  async #close({ all = false } = {}) {
    try {
      await this.#sender.flush();
      await post("view/close", { user: this.#view.user, view_id: this.id, clear: all });
    } catch (error) {
      this.#tell(error.message);
      this.modals.onError?.(error);
    }
  }
}

/** A button's words, put there where they differ: while it is pressed nothing of it may be replaced, or no click comes of it. */
function write(button, words, ctx) {
  const made = () => el("span", { class: "button-text" }, typeof words === "string" ? words : words && textObject(words, ctx));
  reconcile(button, [{ key: "words", version: JSON.stringify(words ?? null), make: made }]);
}
