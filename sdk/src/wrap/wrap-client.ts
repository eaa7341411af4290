import { asFields, type Fields } from "../providers/fields.ts";
import { tellHalt } from "../providers/tell-halt.ts";

export type Method = (...values: unknown[]) => unknown;

/** Makes the guarded method of a client's own; `part` is the object that has it. */
export type GuardMethod = (method: Method, part: Fields) => Method;

export interface ClientMap {
  /** The guarded methods by their way from the client: "chat.completions.create". */
  methods: Readonly<Record<string, GuardMethod>>;
  /** Parts without a guarded method, whose helpers call one by a link. */
  parts?: readonly string[];
  /** Members by which a part reaches another, by name: helpers go this way, and must find what is guarded. */
  links: Readonly<Record<string, string>>;
  /** Wraps the client that `withOptions` makes. */
  wrapCopy?: (client: object) => object;
}

/** A method that is not guarded itself: what it gives may call one that is. */
function toHelper(method: Method): Method {
  return function (this: unknown, ...values) {
    const helper = method.apply(this, values);
    tellHalt(helper, causeOf);
    const runner = asFields(helper) as ToolRunner | null;
    const begin = runner?.[Symbol.asyncIterator];
    if (begin && runner.runUntilDone)
      runner[Symbol.asyncIterator] = () => tellHalts(begin.call(runner));
    return helper;
  };
}

const causeOf = (error: unknown): unknown => asFields(error)?.cause;

/** What `toolRunner` gives: one turn after the other, each a stream of the client's own making. */
interface ToolRunner {
  runUntilDone?: unknown;
  [Symbol.asyncIterator]?: () => AsyncIterator<unknown>;
}

async function* tellHalts(turns: AsyncIterator<unknown>): AsyncGenerator<unknown> {
  for await (const turn of { [Symbol.asyncIterator]: () => turns }) {
    tellHalt(turn, causeOf);
    yield turn;
  }
}

/**
 * The same client, whose known methods are guarded; everything else is the client's own. The client itself is not
 * changed: who holds it calls past the guard.
 */
export function wrapClient<C extends object>(client: C, map: ClientMap): C {
  const ways = [...Object.keys(map.methods), ...(map.parts ?? []).map((way) => `${way}.`)];
  const made = new Map<string, object>();
  const partAt = (way: string): object | undefined => {
    let part: unknown = client;
    for (const name of way ? way.split(".") : []) part = asFields(part)?.[name];
    return asFields(part) ? wrapPart(part as Fields, way) : undefined;
  };
  const wrapPart = (part: Fields, way: string): object => {
    const known = made.get(way);
    if (known) return known;
    const wrapped = new Proxy(part, {
      get(target, name) {
        // Getters see the client itself: what is private to its class is not the wrapped one's.
        const value: unknown = Reflect.get(target, name);
        if (typeof name !== "string") return value;
        const link = map.links[name];
        if (way && link !== undefined && value) return partAt(link) ?? value;
        const inner = way ? `${way}.${name}` : name;
        if (typeof value === "function") {
          const guardMethod = map.methods[inner];
          if (guardMethod) return guardMethod(value.bind(target) as Method, target);
          if (name === "constructor") return value;
          if (way) return toHelper(value as Method);
          const own = value.bind(target) as Method;
          const { wrapCopy } = map;
          if (name !== "withOptions" || !wrapCopy) return own;
          return (...values: unknown[]) => wrapCopy(own(...values) as object);
        }
        const isPart = asFields(value) && ways.some((known) => known.startsWith(`${inner}.`));
        return isPart ? wrapPart(value as Fields, inner) : value;
      },
    });
    made.set(way, wrapped);
    return wrapped;
  };
  return wrapPart(client as Fields, "") as C;
}
