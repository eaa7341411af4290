import { byteLength } from "../byte-length.ts";
import { asFields, type Fields } from "./fields.ts";

/** Members whose text a model wrote. Others repeat it, or are the provider's own. */
const WRITTEN: ReadonlySet<string> = new Set([
  "arguments",
  "content",
  "delta",
  "partial_json",
  "reasoning",
  "reasoning_content",
  "refusal",
  "text",
  "thinking",
  "transcript",
]);
const REPEATED: ReadonlySet<string> = new Set(["logprobs", "reasoning_details", "usage"]);

/** UTF-8 bytes of what a model wrote in this chunk: text, reasoning and arguments of tools. */
export function measureOutput(chunk: unknown): number {
  if (typeof chunk === "string") return byteLength(chunk);
  const fields = asFields(chunk);
  const root = fields && findWritten(fields);
  return root ? measure(root, "") : 0;
}

/** The part of a chunk that is new. Where chunks have types, those that are no delta repeat what deltas brought. */
function findWritten(chunk: Fields): unknown {
  if (typeof chunk.type === "string") return /delta$/.test(chunk.type) ? chunk : null;
  return chunk.choices ?? chunk.candidates ?? chunk.contentBlockDelta ?? chunk;
}

function measure(value: unknown, name: string): number {
  if (typeof value === "string") return WRITTEN.has(name) ? byteLength(value) : 0;
  if (typeof value !== "object" || value === null || REPEATED.has(name)) return 0;
  // Google's arguments of a tool come as an object.
  if (name === "args") return byteLength(JSON.stringify(value));
  let bytes = 0;
  for (const [key, member] of Object.entries(value)) {
    bytes += measure(member, Array.isArray(value) ? name : key);
  }
  return bytes;
}
