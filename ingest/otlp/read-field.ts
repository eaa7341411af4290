import type { OtlpFields } from "@/ingest/otlp/otlp-messages";

/** A 64-bit integer as protobufjs gives it. */
interface Long {
  low: number;
  high: number;
}

const TWO_32 = 4_294_967_296;
const MAX_UINT64 = (1n << 64n) - 1n;
const LONE_SURROGATE = /[\uD800-\uDFFF]/gu;
const DECIMAL = /^-?\d{1,20}$/;
const HEX = /^[0-9a-fA-F]+$/;
/** Of 8 or 16 bytes, padded: so it is never taken for hex of a wrong length. */
const BASE64 = /^[A-Za-z0-9+/]+={1,2}$/;

/** The fields of a message; null where it is none. */
export function asFields(value: unknown): OtlpFields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as OtlpFields)
    : null;
}

/** A field by its two names: OTLP's JSON is lowerCamelCase, some senders write the .proto's snake_case. */
export function pick(fields: OtlpFields, camel: string, snake: string): unknown {
  return fields[camel] ?? fields[snake];
}

/** Text, "" for what is none. Halves of surrogate pairs are replaced: no store takes them. */
export function readText(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.replace(LONE_SURROGATE, "\uFFFD");
}

/**
 * An id in lower-case hex: protobuf has bytes, OTLP's JSON hex, and some senders write base64 as other protobuf JSON
 * has it.
 * @param bytes how long it must be
 * @returns "" where it was not sent, null where it is no such id; all zero is OTLP's word for invalid
 */
export function readId(value: unknown, bytes: 8 | 16): string | null {
  if (value === undefined || value === null || value === "") return "";
  let hex: string;
  if (value instanceof Uint8Array) {
    if (value.length === 0) return "";
    hex = toHex(value);
  } else if (typeof value === "string" && value.length <= 64) {
    if (HEX.test(value)) hex = value.toLowerCase();
    else hex = BASE64.test(value) ? Buffer.from(value, "base64").toString("hex") : "";
  } else return null;
  return hex.length === bytes * 2 && !/^0*$/.test(hex) ? hex : null;
}

function toHex(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

/** Nanoseconds since 1970, exact. @returns 0n where it was not sent, null where it is no such number */
export function readNanoseconds(value: unknown): bigint | null {
  if (value === undefined || value === null || value === "") return 0n;
  if (typeof value === "string") {
    if (!DECIMAL.test(value)) return null;
    const read = BigInt(value);
    return read >= 0n && read <= MAX_UINT64 ? read : null;
  }
  if (typeof value === "number") {
    return Number.isInteger(value) && value >= 0 && value < 2 ** 64 ? BigInt(value) : null;
  }
  if (!isLong(value)) return null;
  return BigInt(value.high >>> 0) * BigInt(TWO_32) + BigInt(value.low >>> 0);
}

/** A signed 64-bit integer: a number where that is exact, else its digits. @returns null for what is none */
export function readInteger(value: unknown): number | string | null {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return null;
    return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : String(BigInt(value));
  }
  if (typeof value === "string") {
    if (!DECIMAL.test(value)) return null;
    const read = Number(value);
    return Number.isSafeInteger(read) ? read : String(BigInt(value));
  }
  if (!isLong(value)) return null;
  const read = value.high * TWO_32 + (value.low >>> 0);
  if (Number.isSafeInteger(read)) return read;
  return String(BigInt.asIntN(64, BigInt(value.high) * BigInt(TWO_32) + BigInt(value.low >>> 0)));
}

function isLong(value: unknown): value is Long {
  const fields = asFields(value);
  return typeof fields?.low === "number" && typeof fields.high === "number";
}

/**
 * The number of an enum: OTLP's JSON has numbers, other protobuf JSON names.
 * @param names in the order of their numbers
 */
export function readEnum(value: unknown, names: readonly string[]): number {
  const read = typeof value === "string" ? names.indexOf(value) : Number(value ?? 0);
  return Number.isInteger(read) && read >= 0 && read < names.length ? read : 0;
}
