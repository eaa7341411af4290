import type { OtlpFields } from "@/ingest/otlp/otlp-messages";
import type { OtlpAttributes, OtlpValue } from "@/ingest/otlp/otlp-records";
import { asFields, pick, readInteger, readText } from "@/ingest/otlp/read-field";

/**
 * Attributes, events or links of one span. SDKs allow 128 attributes by default; instrumentations that write each
 * message of a prompt into attributes of its own raise that to some thousands.
 */
export const MAX_ENTRIES = 10_000;
/** Lists and maps within each other; what is deeper is null. */
const MAX_DEPTH = 32;

/**
 * The attributes of a record: the last of a repeated key counts. An entry without a key, or that is no entry, is left
 * out.
 */
export function readAttributes(list: unknown): OtlpAttributes {
  const attributes = new Map<string, OtlpValue>();
  if (!Array.isArray(list)) return attributes;
  for (const entry of list) {
    const fields = asFields(entry);
    const key = fields ? readText(fields.key) : "";
    if (fields && key !== "") attributes.set(key, readValue(fields.value));
  }
  return attributes;
}

/** An `AnyValue` as JSON has it; see `OtlpValue`. What is none of its kinds is null. */
export function readValue(value: unknown, depth = 0): OtlpValue {
  const fields = asFields(value);
  if (!fields) return null;
  const text = pick(fields, "stringValue", "string_value");
  if (typeof text === "string") return readText(text);
  const integer = pick(fields, "intValue", "int_value");
  if (integer !== undefined && integer !== null) return readInteger(integer);
  const flag = pick(fields, "boolValue", "bool_value");
  if (typeof flag === "boolean") return flag;
  const double = pick(fields, "doubleValue", "double_value");
  if (double !== undefined && double !== null) return readDouble(double);
  return readCompound(fields, depth);
}

/** NaN and the infinities stay the text that OTLP's JSON has for them: as JSON they would be nothing at all. */
function readDouble(value: unknown): OtlpValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "string" || value.trim() === "") return null;
  const read = Number(value);
  if (Number.isFinite(read)) return read;
  return ["NaN", "Infinity", "-Infinity"].includes(value) ? value : null;
}

function readCompound(fields: OtlpFields, depth: number): OtlpValue {
  const list = asFields(pick(fields, "arrayValue", "array_value"));
  if (list) {
    if (depth >= MAX_DEPTH) return null;
    return Array.isArray(list.values) ? list.values.map((one) => readValue(one, depth + 1)) : [];
  }
  const map = asFields(pick(fields, "kvlistValue", "kvlist_value"));
  if (map) return depth >= MAX_DEPTH ? null : readMap(map.values, depth + 1);
  const bytes = pick(fields, "bytesValue", "bytes_value");
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString("base64");
  return typeof bytes === "string" ? readText(bytes) : null;
}

function readMap(list: unknown, depth: number): OtlpValue {
  // Without a prototype: `__proto__` is a key like any other.
  const map: Record<string, OtlpValue> = Object.create(null);
  if (!Array.isArray(list)) return map;
  for (const entry of list) {
    const fields = asFields(entry);
    if (fields) map[readText(fields.key)] = readValue(fields.value, depth);
  }
  return map;
}
