// A video: never played in the page, only linked to.

import { el } from "../dom.js";
import { plainText, textObject, wordsOf } from "../mrkdwn.js";
import { picture } from "./image.js";
import { linkNode } from "./references.js";

/** Title, thumbnail and where it is from; both lead to the video. */
export function video(block, ctx) {
  const title = wordsOf(block.title, ctx);
  const from = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  const thumbnail = linkNode(block.title_url || block.video_url, "", ctx, { "aria-label": `Watch: ${title}` });
  thumbnail.classList.add("video-picture");
  thumbnail.append(picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, ctx, "video-image"));
  thumbnail.append(el("span", { class: "glyph glyph-play", "aria-hidden": "true" }));
  return el(
    "div",
    { class: "video" },
    from && el("div", { class: "video-from" }, plainText(from)),
    el("div", { class: "video-title" }, linkNode(block.title_url || block.video_url, title, ctx)),
    block.description && el("div", { class: "text" }, textObject(block.description, ctx)),
    thumbnail,
  );
}
