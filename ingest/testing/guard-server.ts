/** Where an agent asks and tells, at the moment. */
export interface GuardServer {
  url: string;
  /** With the scopes `ingest` and `guard`. */
  key: string;
}

/**
 * Sends until it is answered: a server that dies, or has to wait for a store, is asked again.
 * @param server asked anew for every try
 */
export async function sendUntilAnswered(
  server: () => Promise<GuardServer>,
  method: "POST" | "DELETE",
  path: string,
  body: object | null,
): Promise<{ status: number; text: string }> {
  for (;;) {
    const { url, key } = await server();
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status !== 503) return { status: response.status, text };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Asks, and does not wait for what comes of it: a client that dies. */
export async function sendAndDie(
  server: () => Promise<GuardServer>,
  path: string,
  body: object,
): Promise<void> {
  const { url, key } = await server();
  const dying = new AbortController();
  const sent = fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
    signal: dying.signal,
  });
  setTimeout(() => dying.abort(), 5);
  await sent
    .then(
      (response) => response.text(),
      () => undefined,
    )
    .catch(() => undefined);
}

/** Numbers below a bound, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    if (below <= 0) return 0;
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}
