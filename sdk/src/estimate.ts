import { byteLength } from "./byte-length.ts";

/** UTF-8 bytes of text to a token, by family of models; sdk/README.md says how they were measured, and how they err. */
const BYTES_PER_TOKEN: readonly (readonly [RegExp, number])[] = [
  [/claude|anthropic/i, 2.9],
  [/gpt|openai|^o\d/i, 3.5],
  [/gemini|google/i, 3.5],
];
const OTHER_BYTES_PER_TOKEN = 3;

/** The caller's own count of tokens; what it throws or what is no count is estimated. */
export type CountTokens = (input: unknown, model: string) => number;

/** Estimates tokens of a text, or of all texts in anything else. */
export function estimateTokens(input: unknown, model: string, count?: CountTokens): number {
  if (count) {
    const counted = tryCount(count, input, model);
    if (counted !== null) return counted;
  }
  return tokensOfBytes(sizeOf(input, byteLength, 0), model);
}

/** Estimates tokens of so many bytes of text. */
export function tokensOfBytes(bytes: number, model: string): number {
  const family = BYTES_PER_TOKEN.find(([names]) => names.test(model));
  return Math.ceil(bytes / (family?.[1] ?? OTHER_BYTES_PER_TOKEN));
}

/** What providers add of their own: the roles of messages, and how tools are explained to the model. */
const ADDED_TOKENS = 32;
const ADDED_FOR_TOOLS = 700;
/** What a request names and does not hold: its size is the other side's. */
const ELSEWHERE =
  /"(?:file_id|fileUri|file_uri|file_url|previous_response_id|conversation|cachedContent|cached_content|vector_store_ids)":(?!null)|"(?:url|image_url)":"https?:/;

/** The most tokens that a request's input can have; null: it names something that is not in it. */
export function boundTokens(input: unknown): number | null {
  const request = readRequest(input);
  if (!request || ELSEWHERE.test(request.text)) return null;
  const added = ADDED_TOKENS + (/"tools":\[\{/.test(request.text) ? ADDED_FOR_TOOLS : 0);
  return request.bytes + added;
}

/** About as many as the characters of all its texts; made of no copy of them, so that it costs nothing. */
export function quickTokens(input: unknown): number {
  return sizeOf(input, lengthOf, 0);
}

const MAX_DEPTH = 16;
const lengthOf = (text: string): number => text.length;

/** Of all texts in a value and the names of what holds them. */
function sizeOf(value: unknown, measure: (text: string) => number, depth: number): number {
  if (typeof value === "string") return measure(value);
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return 1;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (Array.isArray(value)) {
    let size = 0;
    for (const one of value) size += 1 + sizeOf(one, measure, depth + 1);
    return size;
  }
  let size = 0;
  for (const key in value)
    size += key.length + 2 + sizeOf((value as Record<string, unknown>)[key], measure, depth + 1);
  return size;
}

/** The text of a request and its bytes; null: it is no JSON. */
function readRequest(input: unknown): { text: string; bytes: number } | null {
  if (typeof input === "string") return { text: input, bytes: byteLength(input) };
  let binaryBytes = 0;
  try {
    const text = JSON.stringify(input, (_, value: unknown) => {
      if (!ArrayBuffer.isView(value)) return value;
      binaryBytes += value.byteLength;
      return null;
    });
    return text === undefined ? null : { text, bytes: byteLength(text) + binaryBytes };
  } catch {
    return null;
  }
}

function tryCount(count: CountTokens, input: unknown, model: string): number | null {
  try {
    const counted = count(input, model);
    return Number.isFinite(counted) && counted >= 0 ? Math.ceil(counted) : null;
  } catch {
    return null;
  }
}
