// Where one writes: a field that grows, sends with Enter, and says why where nothing can be written.

import { post } from "./api.js";
import { Completion, usage } from "./completion.js";
import { el, fill, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { iconButton, wordButton } from "./parts.js";
import { commandInHand, encode, readCommand } from "./writing.js";

const HIGHEST = 240;

export class Composer {
  #drafts = new Map();
  #draftKey = null;

  /** `pane` is "channel" or "thread". */
  constructor({ store, toasts, pane }) {
    Object.assign(this, { store, toasts, pane });
    this.hint = el("p", { class: "composer-hint", id: freshId("hint"), hidden: true });
    this.problem = el("p", { class: "composer-problem", role: "alert" });
    this.field = el("textarea", {
      rows: "1",
      class: "composer-field",
      id: pane === "channel" ? "composer" : null,
      "aria-describedby": this.hint.id,
    });
    this.completion = new Completion(store, this.field, { commands: pane === "channel" });
    this.sendButton = el(
      "button",
      { type: "submit", class: "send-button", "aria-label": "Send now", title: "Send now" },
      icon("send"),
    );
    this.form = this.#form();
    this.closed = el("div", { class: "composer-closed", hidden: true });
    this.node = el("div", { class: "composer" }, this.completion.node, this.form, this.closed, this.problem);
    this.#listen();
    store.on(["place", "workspace"], () => this.draw());
  }

  draw() {
    const { channel, thread, as } = this.store.place;
    if (!channel || (this.pane === "thread" && !thread)) return;
    const title = this.store.titleOf(channel);
    const label = this.pane === "thread" ? "Reply…" : `Message ${title}`;
    this.field.placeholder = label;
    this.field.setAttribute("aria-label", this.pane === "thread" ? "Reply in thread" : label);
    this.#bringDraft(JSON.stringify([as, channel, this.pane === "thread" ? thread : null]));
    const reason = this.#whyNot(channel);
    this.form.hidden = reason !== null;
    this.closed.hidden = reason === null;
    fill(this.closed, reason);
    this.shortcuts.hidden = this.#globalShortcuts().length === 0;
  }

  focus() {
    this.field.focus();
  }

  #form() {
    const shortcuts = () => openMenu(this.shortcuts, this.#globalShortcuts(), { label: "Shortcuts" });
    this.shortcuts = iconButton("Shortcuts", "bolt", shortcuts, { "aria-haspopup": "menu", hidden: true });
    return el(
      "form",
      { class: "composer-box", on: { submit: (event) => this.#send(event) } },
      this.hint,
      this.field,
      el(
        "div",
        { class: "composer-tools" },
        this.pane === "channel" && this.shortcuts,
        iconButton("Mention someone", "at", () => this.#type("@")),
        el("span", { class: "composer-keys", "aria-hidden": "true" }, el("b", {}, "Shift + Enter"), " for a new line"),
        this.sendButton,
      ),
    );
  }

  #listen() {
    const { field } = this;
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("click", () => this.completion.update());
    field.addEventListener("blur", () => this.completion.dismiss());
    field.addEventListener("keydown", (event) => {
      if (this.completion.key(event)) return;
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#send(event);
    });
  }

  #typed() {
    const { field } = this;
    this.#drafts.set(this.#draftKey, field.value);
    fill(this.problem);
    this.completion.update();
    this.#grow();
    const command = this.pane === "channel" ? commandInHand(field.value, this.store) : undefined;
    this.hint.hidden = command === undefined;
    fill(this.hint, command && commandHint(command));
    this.sendButton.disabled = field.value.trim() === "";
  }

  #grow() {
    const { style } = this.field;
    style.height = "auto";
    const { scrollHeight } = this.field; // 0 while it isn't on screen
    if (scrollHeight > 0) style.height = `${Math.min(scrollHeight, HIGHEST)}px`;
  }

  /** What was typed in one place waits there. */
  #bringDraft(key) {
    if (key === this.#draftKey) return;
    this.#draftKey = key;
    this.#put(this.#drafts.get(key) ?? "");
  }

  #put(text) {
    this.field.value = text;
    this.#typed();
    this.completion.dismiss();
  }

  #type(text) {
    this.field.focus();
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.#typed();
  }

  async #send(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (text === "") return;
    const key = this.#draftKey;
    const { as: user, channel, thread } = this.store.place;
    this.#put("");
    try {
      await this.#post(text, { user, channel, thread_ts: this.pane === "thread" ? thread : undefined });
    } catch (error) {
      if (key !== this.#draftKey) return this.toasts.error(error.message);
      if (this.field.value === "") this.#put(text);
      fill(this.problem, icon("warning"), error.message);
    }
    return undefined;
  }

  #post(text, where) {
    const command = readCommand(text);
    if (command === null) return post("message", { ...where, text: encode(text, this.store) });
    if (where.thread_ts) throw new Error(`${command.command} is not supported in threads. Sorry!`);
    return post("command", { ...where, ...command });
  }

  // Where nothing can be written

  #whyNot(channelId) {
    const { store } = this;
    const channel = store.channels.get(channelId);
    const title = store.titleOf(channelId);
    if (channel?.archived) return `You are viewing ${title}, an archived channel. Nobody can write here.`;
    if (!store.isMember(channelId)) {
      const join = wordButton("Join channel", () => this.#join(channelId), { kind: "plain-button" });
      return [el("span", {}, `You are not in ${title}.`), join];
    }
    const app = channel?.kind === "im" ? store.appOfBot(store.partner(channelId)?.id) : undefined;
    if (app?.messages_tab === false) return "Sending messages to this app has been turned off.";
    return null;
  }

  async #join(channel) {
    try {
      await post("invite", { user: this.store.place.as, channel });
    } catch (error) {
      this.toasts.error(error.message);
    }
  }

  #globalShortcuts() {
    return this.store.workspace.apps.flatMap((app) =>
      app.shortcuts
        .filter(({ type }) => type === "global")
        .map((shortcut) => ({ label: shortcut.name, hint: app.name, onSelect: () => this.#use(shortcut) })),
    );
  }

  async #use({ callback_id }) {
    const { as: user, channel } = this.store.place;
    try {
      await post("shortcut", { user, callback_id, channel });
    } catch (error) {
      this.toasts.error(error.message);
    }
  }
}

function commandHint({ command, usage_hint, description }) {
  return [
    el("strong", {}, command),
    usage(usage_hint),
    description && el("span", { class: "completion-hint" }, ` ${description}`),
  ];
}
