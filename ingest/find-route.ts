import type { Exchange } from "@/ingest/exchange";

/** Answers one method of one path. @param id what stands in place of `{id}`; "" in a path without it */
export type Route = (exchange: Exchange, id: string) => Promise<void> | void;
/** Answers by method. */
export type Methods = Partial<Record<string, Route>>;

/** Makes the look-up of a path among templates such as `/v1/reservations/{id}/renew`; exact ones are found first. */
export function createRouter(
  routes: Readonly<Record<string, Methods>>,
): (path: string) => { methods: Methods; id: string } | null {
  const exact = new Map<string, Methods>();
  const patterns: { before: string; after: string; methods: Methods }[] = [];
  for (const [template, methods] of Object.entries(routes)) {
    const [before = "", after] = template.split("{id}");
    if (after === undefined) exact.set(template, methods);
    else patterns.push({ before, after, methods });
  }
  return (path) => {
    const methods = exact.get(path);
    if (methods) return { methods, id: "" };
    for (const pattern of patterns) {
      if (!path.startsWith(pattern.before) || !path.endsWith(pattern.after)) continue;
      const id = decode(path.slice(pattern.before.length, path.length - pattern.after.length));
      if (id) return { methods: pattern.methods, id };
    }
    return null;
  };
}

/** An id has one segment of the path; one with a slash in it is sent encoded. No id has a NUL, which no store asks for. */
function decode(segment: string): string | null {
  if (segment.includes("/") || segment.includes("%00")) return null;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
