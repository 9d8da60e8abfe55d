// Pictures: where one does not come, its alt text stands in a box.

import { el } from "../dom.js";

/** An image object or block as an <img>, or its alt text. */
export function picture(json, ctx, look) {
  const alt = json.alt_text ?? "";
  const source = imageUrl(json, ctx);
  const instead = () => el("span", { class: `image-missing ${look}-missing`, role: "img", "aria-label": alt || "image", title: alt }, alt || "image");
  if (source === null) return instead();
  const image = el("img", { class: look, src: source, alt, title: alt, loading: "lazy", referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.replaceWith(instead()));
  return image;
}

/** The address of an image: the web's, or that of a file of this workspace. */
export function imageUrl(json, ctx) {
  const file = json.slack_file?.id ?? /\/(F[A-Z0-9]+)(?:[/?]|$)/.exec(json.slack_file?.url ?? "")?.[1];
  if (file) return ctx.fileUrl?.(file) ?? null;
  const url = String(json.image_url ?? "");
  if (/^data:image\/(png|gif|jpeg|webp);/i.test(url)) return url;
  try {
    const parsed = new URL(url, location.href);
    return parsed.protocol === "https:" || parsed.origin === location.origin ? parsed.href : null;
  } catch {
    return null;
  }
}
