// Builds the page's elements. Text goes in as text nodes only, so nothing that people or bots write becomes markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "indeterminate", "tabIndex"]);

/** An element: `el("button", {class: "x", "aria-label": "…", on: {click}, data: {ts}}, "text", node, [nodes], null)`. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "data") {
      for (const [key, text] of Object.entries(value)) {
        if (text !== undefined && text !== null) node.dataset[key] = text;
      }
    } else if (PROPERTIES.has(name)) {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  add(node, children);
  return node;
}

/** Appends strings, nodes and lists of them; passes over what is absent. */
export function add(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Puts these children in place of all that were there. */
export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, children);
}

let count = 0;

/** An id for what ARIA attributes have to point to. */
export function freshId(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

/**
 * Brings a node's children in line with a list, keyed and compared, so that what did not change keeps its focus.
 * `items` are {key, version, make}: a child is made anew only where its version differs; `make` is given the one there
 * was, and may bring it up to date and answer it again.
 */
export function reconcile(parent, items) {
  const wanted = new Set(items.map(({ key }) => key));
  const before = new Map();
  for (const child of [...parent.children]) {
    if (wanted.has(child.dataset.key)) before.set(child.dataset.key, child);
    else child.remove(); // first, so that what stays need not be moved, which would cost it its focus
  }
  let place = parent.firstElementChild;
  for (const { key, version, make } of items) {
    let child = before.get(key);
    if (child === undefined || child.dataset.version !== version) {
      const fresh = make(child);
      fresh.dataset.key = key;
      fresh.dataset.version = version;
      if (child !== undefined && child !== fresh) {
        if (place === child) place = fresh;
        child.replaceWith(fresh);
      }
      child = fresh;
    }
    if (child === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(child, place);
    }
  }
}
