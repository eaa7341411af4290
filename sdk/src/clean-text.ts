/** As long as the contract takes a tag, in characters that can be stored. */
const PLAIN = /^[ -~]{1,256}$/;
const MOST = 256;

/**
 * A text as an event may have it. What cannot be stored is replaced and what is too long is cut: a whole event would be
 * refused for it, and with it what the call cost.
 * @returns undefined for none
 */
export function cleanText(value: unknown, most = MOST): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const text = typeof value === "string" ? value : String(value);
  if (most >= MOST && PLAIN.test(text)) return text;
  const plain = text.replace(/\p{Cc}/gu, " ").replace(/\p{Cs}/gu, "\ufffd");
  return (plain.length > most ? [...plain].slice(0, most).join("") : plain) || undefined;
}

const MOST_PAIRS = 32;
const KEY_LENGTH = 128;
const VALUE_LENGTH = 1024;

/** Free tags as an event may have them; those past the 32nd are left out. */
export function cleanMetadata(given: object | undefined): Record<string, string> | undefined {
  if (!given) return undefined;
  const pairs = Object.entries(given).flatMap(([key, value]) => {
    const name = cleanText(key, KEY_LENGTH);
    const text = cleanText(value, VALUE_LENGTH);
    return name && text ? [[name, text] as const] : [];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs.slice(0, MOST_PAIRS)) : undefined;
}
