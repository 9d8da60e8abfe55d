// Speaks with the control API.

/** The sandbox said no; the message is a sentence for the person. */
export class Refused extends Error {}

/** The sandbox did not answer at all. */
export class Unreachable extends Error {}

/** Asks for something. */
export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(given).toString();
  return call(`${path}${text ? `?${text}` : ""}`, { method: "GET" });
}

/** Does something. */
export function post(path, body = {}) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(`/control/${path}`, options);
  } catch {
    throw new Unreachable("The sandbox does not answer.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}
