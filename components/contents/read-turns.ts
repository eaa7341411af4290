/** A piece of what somebody said. Texts are as they were stored: whoever shows them makes them harmless. */
export type TurnPart =
  | { kind: "text"; text: string }
  | { kind: "reasoning"; text: string }
  | { kind: "tool_call"; name: string; id: string | null; input: unknown }
  | { kind: "tool_result"; name: string | null; id: string | null; output: unknown }
  /** An image, a sound or a file: told, never loaded. */
  | { kind: "media"; what: string; note: string }
  | { kind: "json"; value: unknown };

/** What one role said at a time. */
export interface Turn {
  role: string;
  parts: TurnPart[];
}

type Fields = Readonly<Record<string, unknown>>;
const MAX_DEPTH = 6;

/**
 * Reads what was said into turns: the shapes of OpenAI, Anthropic, Gemini, the AI SDK, OpenInference and the GenAI
 * conventions are known by the names of their members. Whatever is not known stays JSON; nothing is left out.
 * @param role of what names none
 */
export function readTurns(said: unknown, role: string): Turn[] {
  if (said === null || said === undefined) return [];
  const value = parseText(said);
  if (typeof value === "string") return [{ role, parts: [{ kind: "text", text: value }] }];
  if (Array.isArray(value)) {
    if (value.some(isTurn)) return value.flatMap((one) => readTurn(one, role, 0));
    return [{ role, parts: value.flatMap((one) => readParts(one, 0)) }];
  }
  return readTurn(value, role, 0);
}

function readTurn(value: unknown, role: string, depth: number): Turn[] {
  const fields = fieldsOf(value);
  if (!fields || depth > MAX_DEPTH) return [{ role, parts: readParts(value, depth) }];
  // Answers hold their turns: OpenAI's choices and output, Gemini's candidates, OpenInference's message.
  for (const name of ["choices", "candidates", "output", "messages", "contents"]) {
    const list = fields[name];
    if (Array.isArray(list) && typeof fields.role !== "string") {
      return list.flatMap((one) => readTurn(one, role, depth + 1));
    }
  }
  const inner =
    fieldsOf(fields.message) ?? (isTurn(fields.content) ? fieldsOf(fields.content) : null);
  if (inner && typeof fields.role !== "string") return readTurn(inner, role, depth + 1);
  const named = textOf(fields.role) ?? textOf(fields["message.role"]);
  if (named === null) return [{ role: roleOf(fields) ?? role, parts: readParts(value, depth) }];
  const parts = ["content", "parts", "contents", "message.content"].flatMap((name) =>
    readParts(fields[name], depth + 1),
  );
  if (fields.refusal) parts.push(...readParts(fields.refusal, depth + 1));
  const reasoning = textOf(fields.reasoning_content) ?? textOf(fields.reasoning);
  if (reasoning) parts.unshift({ kind: "reasoning", text: reasoning });
  const calls = fields.tool_calls ?? fields["message.tool_calls"];
  if (Array.isArray(calls)) parts.push(...calls.flatMap((call) => readParts(call, depth + 1)));
  if (named !== "tool" || parts.some(({ kind }) => kind === "tool_result")) {
    return [{ role: named, parts: parts.length > 0 ? parts : [{ kind: "json", value }] }];
  }
  const id = textOf(fields.tool_call_id);
  const texts = parts.map((part) => (part.kind === "text" ? part.text : part));
  const output = parseText(texts.length === 1 ? texts[0] : texts);
  return [{ role: named, parts: [{ kind: "tool_result", name: textOf(fields.name), id, output }] }];
}

function readParts(given: unknown, depth: number): TurnPart[] {
  if (given === null || given === undefined || given === "") return [];
  if (typeof given === "string") return [readText(given)];
  if (depth > MAX_DEPTH) return [{ kind: "json", value: given }];
  if (Array.isArray(given)) return given.flatMap((one) => readParts(one, depth + 1));
  const fields = fieldsOf(given);
  if (!fields) return [{ kind: "json", value: given }];
  const inner = fields.message_content ?? fields.tool_call;
  if (fieldsOf(inner)) return readParts(inner, depth + 1);
  return [
    readToolCall(fields) ?? readToolResult(fields) ?? readMedia(fields) ?? readOther(fields, given),
  ];
}

function readToolCall(fields: Fields): TurnPart | null {
  const call = fieldsOf(fields.function) ?? fieldsOf(fields.functionCall ?? fields.function_call);
  const type = textOf(fields.type) ?? "";
  const isCall = /^(?:tool_call|tool-call|tool_use|server_tool_use|function_call)$/.test(type);
  if (!call && !isCall) return null;
  const of = call ?? fields;
  const name = textOf(of.name) ?? textOf(fields.toolName);
  if (name === null) return null;
  const input = of.arguments ?? of.args ?? of.input ?? fields.input ?? fields.args ?? null;
  return { kind: "tool_call", name, id: idOf(fields), input: parseText(input) };
}

function readToolResult(fields: Fields): TurnPart | null {
  const answer = fieldsOf(fields.functionResponse ?? fields.function_response);
  const type = textOf(fields.type) ?? "";
  const isResult =
    /^(?:tool_call_response|tool-result|tool_result|function_call_output|.*_tool_result)$/.test(
      type,
    );
  if (!answer && !isResult) return null;
  const name = textOf(answer?.name) ?? textOf(fields.toolName) ?? textOf(fields.name);
  const output =
    answer?.response ?? fields.output ?? fields.result ?? fields.response ?? fields.content ?? null;
  return { kind: "tool_result", name, id: idOf(fields), output: parseText(output) };
}

function readMedia(fields: Fields): TurnPart | null {
  const inline = fieldsOf(fields.inlineData ?? fields.inline_data ?? fields.fileData);
  const type = textOf(fields.type) ?? "";
  const found = /(image|audio|video|file|document|media|blob)/.exec(type);
  if (!inline && !found) return null;
  const what = textOf(inline?.mimeType) ?? textOf(fields.mimeType) ?? found?.[1] ?? "file";
  return { kind: "media", what, note: noteOf(inline ?? fields, 0) };
}

function readOther(fields: Fields, value: unknown): TurnPart {
  const type = textOf(fields.type) ?? "";
  const text = textOf(fields.text) ?? textOf(fields.thinking) ?? textOf(fields.content);
  if (text === null) return { kind: "json", value };
  if (/^(?:thinking|reasoning|thought)$/.test(type) || fields.thought === true) {
    return { kind: "reasoning", text };
  }
  const isPlain = type === "" ? Object.keys(fields).length <= 2 : /text$|^refusal$/.test(type);
  return isPlain ? readText(text) : { kind: "json", value };
}

const MEDIA_TEXT = /^\(not kept: ([^,()]{1,80}), (\d{1,12}) bytes\)$/;

function readText(text: string): TurnPart {
  const media = MEDIA_TEXT.exec(text);
  if (!media) return { kind: "text", text };
  return { kind: "media", what: media[1] ?? "file", note: `${media[2]} bytes` };
}

/** What is told of a file: its size where it was not kept, else its address as text. */
function noteOf(value: unknown, depth: number): string {
  if (typeof value === "string") {
    const media = MEDIA_TEXT.exec(value);
    return media ? `${media[1]}, ${media[2]} bytes` : "";
  }
  const fields = depth > 3 ? null : fieldsOf(value);
  if (!fields) return "";
  const url = textOf(fields.url) ?? textOf(fields.fileUri) ?? textOf(fields.file_id);
  const notes = Object.values(fields).map((one) => noteOf(one, depth + 1));
  return notes.find((note) => note !== "") ?? (url ? url.slice(0, 200) : "");
}

function isTurn(value: unknown): boolean {
  const fields = fieldsOf(value);
  if (!fields) return false;
  if (typeof fields.role === "string" || typeof fields["message.role"] === "string") return true;
  return fieldsOf(fields.message) !== null || roleOf(fields) !== null;
}

/** OpenAI's responses list calls and their outputs beside messages. */
function roleOf({ type }: Fields): string | null {
  if (type === "function_call" || type === "reasoning") return "assistant";
  return type === "function_call_output" ? "tool" : null;
}

function idOf(fields: Fields): string | null {
  const names = ["call_id", "toolCallId", "tool_use_id", "tool_call_id", "id"];
  return names.map((name) => textOf(fields[name])).find((id) => id !== null) ?? null;
}

/** Text that is JSON of an object or a list, as most conventions send it. */
function parseText(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
