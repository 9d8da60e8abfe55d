// What every control of a surface has in common: how its value is read, sent, confirmed and told back.

import { confirmDialog } from "../confirm.js";
import { Sender } from "./sender.js";

/** Under which name Slack keeps the value of each kind of element, and where its first value stands. */
const FIELDS = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  checkboxes: ["selected_options", "initial_options"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  file_input: ["files", "initial_files"],
};

/** What is typed or chosen, as Slack keeps it: the surface's state where it has one, else the element's first value. */
export function valueOf(element, blockId, ctx) {
  const [field, initial] = FIELDS[element.type] ?? ["value", "initial_value"];
  const entry = ctx.values?.[blockId]?.[element.action_id];
  return (entry && field in entry ? entry[field] : element[initial]) ?? null;
}

/** Whether a place holds such a value. */
export function hasValue(type) {
  return Object.hasOwn(FIELDS, type ?? "");
}

/** One element's place: where what happens to it goes. Input blocks tell the surface, all else tells the app. */
export class Place {
  /** `block` is the block that holds the element; `label` what people call it. */
  constructor(element, block, ctx, label = "") {
    this.element = element;
    this.blockId = block.block_id ?? "";
    this.actionId = element.action_id ?? "";
    this.key = `${this.blockId}\u0000${this.actionId}`;
    this.isInput = block.type === "input";
    this.dispatches = !this.isInput || block.dispatch_action === true;
    this.ctx = ctx;
    this.label = label;
    this.sender = ctx.sender ?? new Sender();
  }

  /** The value by what is known now. */
  get value() {
    return valueOf(this.element, this.blockId, this.ctx);
  }

  /** Attributes by which tests and redraws find it. */
  get data() {
    return { blockId: this.blockId, actionId: this.actionId };
  }

  /** A choice was made (`kept`: as it is kept): ask where the element wants to be confirmed, then send. Answers whether it stands. */
  async choose(value, kept = value) {
    if (this.element.confirm && !(await confirmDialog(this.element.confirm, this.ctx))) return false;
    const sent = await this.sender.now(this.key, () => this.#send(value, this.dispatches));
    if (sent) this.#keep(kept);
    return sent;
  }

  /** A message is drawn anew without being told what was chosen in it. */
  #keep(kept) {
    const { values } = this.ctx;
    if (!values || this.ctx.surface === "modal") return;
    values[this.blockId] = { ...values[this.blockId], [this.actionId]: { [FIELDS[this.element.type][0]]: kept } };
  }

  /** Text is being typed: it is sent a moment later. */
  type(value) {
    if (this.ctx.surface === "message" && !this.dispatches) return;
    const tells = this.dispatches && this.#tellsOn("on_character_entered");
    this.sender.later(this.key, () => this.#send(value, tells));
  }

  /** Typing has ended, with Enter (which may tell the app) or by leaving the field. */
  typed(value, { enter = false } = {}) {
    const tells = this.dispatches && enter && this.#tellsOn("on_enter_pressed");
    if (tells || this.sender.waits(this.key)) {
      this.sender.now(this.key, () => this.#send(value, tells));
    }
    return tells;
  }

  /** A press: of a button, an entry of a menu. Resolves when the app has heard of it. */
  async press(value) {
    await this.sender.flush();
    try {
      await this.ctx.act(this.blockId, this.actionId, value ?? null);
    } catch (error) {
      this.ctx.tell?.(error.message);
    }
  }

  #tellsOn(trigger) {
    const config = this.element.dispatch_action_config?.trigger_actions_on;
    return (config ?? ["on_enter_pressed"]).includes(trigger);
  }

  /** `tells`: the app hears of it at once; else the surface keeps it until it is submitted. */
  async #send(value, tells) {
    const inField = this.isInput && this.ctx.surface !== "message" && this.ctx.input;
    try {
      if (inField) await this.ctx.input(this.blockId, this.actionId, value, { dispatch: tells });
      else if (tells) await this.ctx.act(this.blockId, this.actionId, value);
    } catch (error) {
      this.ctx.tell?.(error.message);
      throw error;
    }
  }
}
