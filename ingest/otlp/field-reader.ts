import type { Place } from "@/ingest/otlp/dialects/dialect";
import type { OtlpAttributes, OtlpValue } from "@/ingest/otlp/otlp-records";

/** What a span or a log record consists of, for looking things up in it. */
export interface RecordParts {
  attributes: OtlpAttributes;
  resource: OtlpAttributes;
  scopeAttributes: OtlpAttributes;
  events: readonly { attributes: OtlpAttributes }[];
  body: OtlpValue;
}

/** Looks values up by their place. JSON text is parsed once a record, and only where a place leads into it. */
export interface FieldReader {
  /** Of the record's own attributes. */
  keys(): Iterable<string>;
  /** undefined: nothing is there, or null. */
  value(place: Place): OtlpValue | undefined;
  /** As `value`; text that is a JSON object or list as what it says. */
  json(place: Place): OtlpValue | undefined;
  /** As `json`, where that is an object; else undefined. */
  object(place: Place): { readonly [key: string]: OtlpValue } | undefined;
  /** The first that is a text, a number or a truth value and not empty; trimmed. */
  text(places: readonly Place[] | undefined): string | null;
  /**
   * The first that is there, as a count. What is there but is none (negative, a fraction, past 2^53, words) is told in
   * `faults` by its place, and the next place is tried.
   */
  count(places: readonly Place[] | undefined, faults: string[]): number | null;
  /** The first that is a finite number of 0 or more; numbers as text too. */
  number(places: readonly Place[] | undefined): number | null;
}

type Origin = "attributes" | "text" | "resource" | "scope" | "event" | "body";

interface CompiledPlace {
  origin: Origin;
  key: string;
  path: readonly string[];
  isPrefix: boolean;
}

/** A prompt of some megabytes is content; nobody hides its token counts in it. */
const LONGEST_JSON = 8 * 1024 * 1024;
/** The longest histories have some thousand messages of a few attributes each. */
const MOST_MEMBERS = 20_000;
/** Real keys have about 8 parts below their prefix; a key of a million dots must not become a tower of objects. */
const DEEPEST_KEY = 16;
const compiled = new Map<Place, CompiledPlace>();

/** @param parts of one span or log record; it is not changed. */
export function readFields(parts: RecordParts): FieldReader {
  const parsed = new Map<string, OtlpValue | undefined>();
  const asJson = (value: OtlpValue | undefined): OtlpValue | undefined => {
    if (typeof value !== "string") return value;
    if (!parsed.has(value)) parsed.set(value, parseJson(value));
    return parsed.get(value);
  };
  const value = (place: Place): OtlpValue | undefined => {
    const { origin, key, path, isPrefix } = compile(place);
    if (isPrefix) return gather(parts.attributes, key);
    let found = find(parts, origin, key);
    for (const step of path) found = member(asJson(found), step);
    return found ?? undefined;
  };
  const json = (place: Place) => {
    const found = value(place);
    return asJson(found) ?? found;
  };
  return {
    keys: () => parts.attributes.keys(),
    value,
    json,
    object: (place) => {
      const found = json(place);
      return isObject(found) ? found : undefined;
    },
    text: (places) => firstOf(places, (place) => toText(value(place))),
    count: (places, faults) =>
      firstOf(places, (place) => {
        const found = value(place);
        if (found === undefined || found === "") return null;
        const count = toCount(found);
        if (count === null) faults.push(place);
        return count;
      }),
    number: (places) => firstOf(places, (place) => toNumber(value(place))),
  };
}

function firstOf<T>(places: readonly Place[] | undefined, read: (place: Place) => T | null) {
  for (const place of places ?? []) {
    const found = read(place);
    if (found !== null) return found;
  }
  return null;
}

function compile(place: Place): CompiledPlace {
  const known = compiled.get(place);
  if (known) return known;
  const [head = "", path] = place.split(" > ", 2);
  const match = /^(text|resource|scope|event):(.*)$/.exec(head);
  const origin: Origin =
    (match?.[1] as Origin | undefined) ?? (head === "body" ? "body" : "attributes");
  const key = match?.[2] ?? head;
  const isPrefix = key.endsWith(".*");
  const made = {
    origin,
    key: isPrefix ? key.slice(0, -1) : key,
    path: path?.split(".") ?? [],
    isPrefix,
  };
  // A project's own mapping adds places too: what was compiled is kept while it is little.
  if (compiled.size < 10_000) compiled.set(place, made);
  return made;
}

function find(parts: RecordParts, origin: Origin, key: string): OtlpValue | undefined {
  switch (origin) {
    case "attributes":
      return parts.attributes.get(key);
    case "text": {
      const found = parts.attributes.get(key);
      return typeof found === "string" ? found : undefined;
    }
    case "resource":
      return parts.resource.get(key);
    case "scope":
      return parts.scopeAttributes.get(key);
    case "body":
      return parts.body;
    case "event":
      return parts.events.findLast((event) => event.attributes.has(key))?.attributes.get(key);
  }
}

function member(value: OtlpValue | undefined, step: string): OtlpValue | undefined {
  if (Array.isArray(value)) return value[Number(step)];
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function isObject(value: OtlpValue | undefined): value is { readonly [key: string]: OtlpValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON text as its value; undefined where it is none, or only a scalar. */
function parseJson(text: string): OtlpValue | undefined {
  if (text.length > LONGEST_JSON || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Branch = { [key: string]: Branch | OtlpValue };

/** `p.0.role` and `p.0.content` below `p.` as `[{role, content}]`; undefined where nothing is below it. */
function gather(attributes: OtlpAttributes, prefix: string): OtlpValue | undefined {
  const root: Branch = Object.create(null);
  let count = 0;
  for (const [key, value] of attributes) {
    if (!key.startsWith(prefix) || key.length === prefix.length) continue;
    count += 1;
    if (count > MOST_MEMBERS) break;
    const steps = key.slice(prefix.length).split(".", DEEPEST_KEY);
    let branch = root;
    for (const step of steps.slice(0, -1)) {
      const next = branch[step];
      const isBranch = typeof next === "object" && next !== null && !Array.isArray(next);
      if (isBranch) branch = next as Branch;
      else branch = branch[step] = Object.create(null) as Branch;
    }
    branch[steps.at(-1) ?? ""] = value;
  }
  return count === 0 ? undefined : withLists(root);
}

/** Names that count from 0 are places of a list. */
function withLists(branch: Branch): OtlpValue {
  const entries = Object.entries(branch).map(([name, value]): [string, OtlpValue] => {
    const isBranch = typeof value === "object" && value !== null && !Array.isArray(value);
    return [name, isBranch ? withLists(value as Branch) : (value as OtlpValue)];
  });
  const isList = entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function toText(value: OtlpValue | undefined): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? value.trim() || null : null;
}

function toNumber(value: OtlpValue | undefined): number | null {
  const number =
    typeof value === "string" && /^\d+(\.\d+)?(e-?\d{1,3})?$/i.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : null;
}

function toCount(value: OtlpValue): number | null {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : null;
}
