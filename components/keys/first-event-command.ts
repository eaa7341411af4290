/** One small, real call: known to the price book, with tags, so that the first chart says something. */
const FIRST_EVENT = [
  '{"provider": "openai", "model": "gpt-4o-mini",',
  '  "feature": "hello", "agent": "curl",',
  '  "usage": {"input_tokens": 12000, "output_tokens": 800}}',
];

/**
 * The shell command that sends the first event.
 * @param origin of this server, as the browser sees it
 * @param key the new key; null before there is one
 */
export function firstEventCommand(origin: string, key: string | null): string {
  return [
    `curl ${origin}/v1/events \\`,
    `  -H 'authorization: Bearer ${key ?? "<your key>"}' \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '${FIRST_EVENT.join("\n      ")}'`,
  ].join("\n");
}

/** The shell command that reads what was spent in the last 30 days. @param origin of this server, as the browser sees it */
export function readCommand(origin: string, key: string): string {
  return [
    `curl '${origin}/api/spend?interval=total' \\`,
    `  -H 'authorization: Bearer ${key}'`,
  ].join("\n");
}
