// The six kinds of select: what each offers, and how its value is kept.

import { Combobox } from "../combobox.js";
import { wordsOf } from "../mrkdwn.js";

const SHOWN_AT_MOST = 200;

/** A combobox for any select element. */
export function select(place, { id, name, optional }) {
  const { element, ctx } = place;
  const multiple = element.type.startsWith("multi_");
  const kind = KINDS[element.type.replace(/^multi_/, "")];
  const external = kind === KINDS.external_select;
  const box = new Combobox({
    name,
    id,
    data: place.data,
    multiple,
    placeholder: element.placeholder && wordsOf(element.placeholder, ctx),
    most: element.max_selected_items,
    clearable: optional,
    slow: external,
    least: external ? (element.min_query_length ?? 3) : 0,
    load: (query) => kind.load(place, query),
    choose: (options) => {
      const one = (values) => (multiple ? values : (values[0] ?? null));
      return place.choose(one(options.map(({ raw }) => raw)), one(options.map(({ kept, raw }) => kept ?? raw)));
    },
  });
  const read = (value) => [value ?? []].flat().map((one) => kind.read(place, one));
  const show = (value) => {
    const options = read(value);
    if (options.map(({ key }) => key).join("\n") !== box.keys.join("\n")) box.show(options);
  };
  show(place.value);
  return { node: box.node, target: box.input, show, close: () => box.close() };
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The options that hold these letters, those that begin with them first. */
function matching(options, query) {
  const letters = folded(query);
  if (letters === "") return options.slice(0, SHOWN_AT_MOST);
  const rank = ({ text, also = "" }) => {
    const words = folded(text);
    if (words.startsWith(letters)) return 0;
    return folded(`${text} ${also}`).includes(letters) ? 1 : 2;
  };
  return options
    .map((option) => [rank(option), option])
    .filter(([rank]) => rank < 2)
    .sort(([one], [other]) => one - other)
    .map(([, option]) => option)
    .slice(0, SHOWN_AT_MOST);
}

/** One of an app's own options. */
function given(option, ctx, raw) {
  const description = option.description ? wordsOf(option.description, ctx) : "";
  return { key: option.value, text: wordsOf(option.text, ctx), description, also: description, raw, kept: option };
}

function groupsOf(source, ctx, rawOf) {
  if (source.option_groups) {
    return source.option_groups.map((group) => ({
      label: wordsOf(group.label, ctx),
      options: group.options.map((option) => given(option, ctx, rawOf(option))),
    }));
  }
  return [{ options: (source.options ?? []).map((option) => given(option, ctx, rawOf(option))) }];
}

const STATIC = {
  load({ element, ctx }, query) {
    return groupsOf(element, ctx, (option) => option.value)
      .map(({ label, options }) => ({ label, options: matching(options, query) }))
      .filter(({ options }) => options.length > 0);
  },
  read({ ctx }, option) {
    return given(option, ctx, option.value);
  },
};

const EXTERNAL = {
  async load({ ctx, blockId, actionId }, query) {
    const answer = await ctx.suggest(blockId, actionId, query);
    return groupsOf(answer ?? {}, ctx, (option) => option);
  },
  read({ ctx }, option) {
    return given(option, ctx, option);
  },
};

const USERS = {
  load({ ctx }, query) {
    return [{ options: matching(ctx.users().map(person), query) }];
  },
  read({ ctx }, id) {
    return person(ctx.user(id) ?? { id, real_name: id });
  },
};

const CHANNELS = {
  load({ ctx }, query) {
    const all = ctx.channels().filter(({ kind }) => kindOf(kind) === "public");
    return [{ options: matching(all.map((channel) => conversation(channel, ctx)), query) }];
  },
  read: readConversation,
};

const CONVERSATIONS = {
  load({ ctx, element }, query) {
    const wanted = element.filter?.include ?? ["public", "private", "im", "mpim"];
    const all = ctx.channels().filter(({ kind }) => wanted.includes(kindOf(kind)));
    const shown = all.filter((channel) => !element.filter?.exclude_bot_users || !withBot(channel, ctx));
    return [{ options: matching(shown.map((channel) => conversation(channel, ctx)), query) }];
  },
  read: readConversation,
};

const KINDS = {
  static_select: STATIC,
  external_select: EXTERNAL,
  users_select: USERS,
  channels_select: CHANNELS,
  conversations_select: CONVERSATIONS,
};

function person(user) {
  const text = user.real_name || user.name || user.id;
  return { key: user.id, text, description: user.name ? `@${user.name}` : "", also: user.name ?? "", raw: user.id };
}

function kindOf(kind) {
  return kind === "channel" ? "public" : kind;
}

function other(channel, ctx) {
  const id = channel.with ?? channel.members?.find((member) => member !== ctx.me?.id);
  return id ? ctx.user(id) : undefined;
}

function withBot(channel, ctx) {
  return channel.kind === "im" && other(channel, ctx)?.is_bot === true;
}

function conversation(channel, ctx) {
  const direct = channel.kind === "im" ? other(channel, ctx)?.real_name : null;
  const text = direct ?? (channel.kind === "mpim" ? channel.name || channel.id : `#${channel.name || channel.id}`);
  return { key: channel.id, text, raw: channel.id };
}

function readConversation({ ctx }, id) {
  return conversation(ctx.channel(id) ?? { id, kind: "channel" }, ctx);
}
