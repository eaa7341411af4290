import { createSseParser } from "../sse-parser.ts";
import type { ReadCall, ReadHint, StreamEnd } from "../types.ts";
import { asFields, asText, type Fields, listFields } from "./fields.ts";
import { measureOutput } from "./measure-output.ts";
import { readResponse } from "./read-response.ts";

/** What of a chunk without a type belongs to the whole response. Some say the usage again and again: the last is right. */
const KEPT = [
  "id",
  "model",
  "service_tier",
  "usage",
  "x_groq",
  "usageMetadata",
  "modelVersion",
  "responseId",
  "choices",
  "candidates",
];

export interface ChunkFold {
  /** Takes the next chunk. @returns the bytes of the answer in it */
  add(chunk: unknown): number;
  /** What all chunks say together. Of a cut stream the counts stand for what is known: all input, output at least. */
  end(how: StreamEnd["how"]): Pick<StreamEnd, "read" | "outputBytes">;
}

/** Folds the chunks of a stream to the response that they are parts of, which is read as any other. */
export function foldChunks(hint: ReadHint): ChunkFold {
  const response: Fields = {};
  const decoder = new TextDecoder();
  let outputBytes = 0;
  /** Of a stream of bytes, as long as no event is found in it. */
  let unreadBytes = 0;
  let text = "";
  // Anthropic says a first usage at the start, whose output is not the answer's.
  let isFirstUsage = false;
  let isFinished = false;
  const add = (chunk: unknown): number => {
    const bytes = measureOutput(chunk);
    outputBytes += bytes;
    const fields = asFields(chunk);
    if (!fields) return bytes;
    if (hint.content) text += readText(fields);
    if (fields.type === "message_start") isFirstUsage = true;
    Object.assign(response, readPart(fields, response));
    if (isLast(fields)) isFinished = true;
    return bytes;
  };
  const parse = createSseParser({
    // "[DONE]" is no JSON.
    onEvent: ({ data }) => data.startsWith("{") && add(JSON.parse(data)),
  });
  return {
    add(chunk) {
      if (!(chunk instanceof Uint8Array)) return add(chunk);
      unreadBytes += chunk.length;
      const before = outputBytes;
      parse(decoder.decode(chunk, { stream: true }));
      return outputBytes - before;
    },
    end(how) {
      const read = readResponse(response, { ...hint, content: false });
      const isWhole = isFinished || (how === "done" && !isFirstUsage);
      const told: ReadCall | null =
        read && !isWhole ? { ...read, rawUsage: null, usage: null } : read;
      return {
        read: told && text ? { ...told, completion: text } : told,
        outputBytes: outputBytes || (read ? 0 : unreadBytes),
      };
    },
  };
}

/** What this chunk says of the whole response. */
function readPart(chunk: Fields, response: Fields): Fields {
  switch (chunk.type) {
    case "message_start":
      return asFields(chunk.message) ?? {};
    case "message_delta":
      return { usage: { ...asFields(response.usage), ...keepKnown(asFields(chunk.usage) ?? {}) } };
    case "response-metadata":
      return { response: chunk };
    case "finish": {
      const { usage, totalUsage, providerMetadata } = chunk;
      return keepKnown({ usage, totalUsage, providerMetadata });
    }
    case "error":
      return { error: chunk.error ?? chunk };
  }
  if (typeof chunk.type === "string") return asFields(chunk.response) ?? {};
  const part: Fields = {};
  for (const name of KEPT) if (isKnown(chunk[name])) part[name] = chunk[name];
  // Bedrock's last event.
  return { ...part, ...asFields(chunk.metadata) };
}

function isKnown(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function keepKnown(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isKnown(value)));
}

/** Whether the usage that came up to this chunk is all of it. */
function isLast(chunk: Fields): boolean {
  const type = asText(chunk.type) ?? "";
  return (
    type === "message_delta" ||
    type === "finish" ||
    /^response\.(completed|incomplete|failed)$/.test(type) ||
    isKnown(asFields(chunk.metadata)?.metrics) ||
    (asFields(chunk.usage) !== null &&
      Array.isArray(chunk.choices) &&
      chunk.choices.length === 0) ||
    listFields(chunk.choices).some(({ finish_reason }) => Boolean(finish_reason)) ||
    listFields(chunk.candidates).some(({ finishReason }) => Boolean(finishReason))
  );
}

/** The text of the answer in this chunk, without reasoning and arguments of tools. */
function readText(chunk: Fields): string {
  const choice = listFields(chunk.choices)[0];
  const candidate = asFields(listFields(chunk.candidates)[0]?.content);
  const delta = asFields(chunk.delta);
  if (choice) return asText(asFields(choice.delta)?.content) ?? asText(choice.text) ?? "";
  if (candidate) {
    const parts = listFields(candidate.parts).filter(({ thought }) => thought !== true);
    return parts.map(({ text }) => asText(text) ?? "").join("");
  }
  if (chunk.type === "content_block_delta") return asText(delta?.text) ?? "";
  const isText = chunk.type === "response.output_text.delta" || chunk.type === "text-delta";
  return isText ? (asText(chunk.delta) ?? "") : "";
}
