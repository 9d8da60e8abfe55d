// Speaks with the control API, as the page: what is refused comes with status 200, for browsers write each 4xx on the console.

const AS_PAGE = { "X-Sandbox-Page": "1" };

/** The sandbox said no; the message is a sentence for the person. */
export class Refused extends Error {}

/** The sandbox did not answer at all. */
export class Unreachable extends Error {}

/** Asks for something. */
export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(given).toString();
  return call(`${path}${text ? `?${text}` : ""}`, { method: "GET", headers: AS_PAGE });
}

/** Does something. */
export function post(path, body = {}) {
  return call(path, {
    method: "POST",
    headers: { ...AS_PAGE, "Content-Type": "application/json" },
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
  if (answer.refused) throw new Refused(answer.error);
  if (!response.ok) throw new Refused(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}
