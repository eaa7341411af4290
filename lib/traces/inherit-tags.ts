import type { TwinGroup } from "@/lib/traces/match-twins";
import type { SpanTags } from "@/lib/traces/span-facts";
import type { SpanTree, TreeSpan } from "@/lib/traces/span-tree";

export interface Inherited {
  tags: SpanTags;
  metadata: Record<string, string>;
}

const NAMES = ["agent", "task", "taskType", "feature", "user", "session"] as const;
/** As many free tags as an event may have. */
const MAX_METADATA = 32;

/**
 * The tags of each span: its own, then those of its ancestors, nearest first, then those of its twins. A session or a user
 * that only one span of a trace names, or several alike, is that of the whole trace.
 */
export function inheritTags(
  { ordered, topDown }: SpanTree,
  twins: ReadonlyMap<TreeSpan, TwinGroup>,
): Map<TreeSpan, Inherited> {
  const inherited = new Map<TreeSpan, Inherited>();
  for (const span of topDown) {
    const own = { tags: span.facts.tags, metadata: span.facts.metadata };
    const above = span.parent ? inherited.get(span.parent) : undefined;
    inherited.set(span, above ? merge(own, above) : own);
  }
  const ofTraces = findTraceTags(ordered);
  for (const span of ordered) {
    const ofTrace = ofTraces.get(span.facts.traceId);
    const known = inherited.get(span);
    if (ofTrace && known) inherited.set(span, merge(known, { tags: ofTrace, metadata: {} }));
  }
  const whole = new Map(inherited);
  for (const [span, group] of twins) {
    for (const twin of group) {
      const [own, others] = [inherited.get(span), whole.get(twin)];
      if (twin !== span && own && others) inherited.set(span, merge(own, others));
    }
  }
  return inherited;
}

function merge(own: Inherited, other: Inherited): Inherited {
  let { tags, metadata } = own;
  for (const name of NAMES) {
    if (tags[name] === null && other.tags[name] !== null)
      tags = { ...tags, [name]: other.tags[name] };
  }
  const missing = Object.keys(other.metadata).filter((key) => !Object.hasOwn(metadata, key));
  const room = MAX_METADATA - Object.keys(metadata).length;
  if (missing.length > 0 && room > 0) {
    const more = missing
      .sort()
      .slice(0, room)
      .map((key) => [key, other.metadata[key] ?? ""]);
    metadata = { ...metadata, ...Object.fromEntries(more) };
  }
  return tags === own.tags && metadata === own.metadata ? own : { tags, metadata };
}

/** Of each trace the session and the user that it names, where it names only one. */
function findTraceTags(ordered: readonly TreeSpan[]): Map<string, SpanTags> {
  const named = new Map<string, { session: Set<string>; user: Set<string> }>();
  for (const { facts } of ordered) {
    const { session, user } = facts.tags;
    if (facts.traceId === "" || (session === null && user === null)) continue;
    const sets = named.get(facts.traceId) ?? { session: new Set(), user: new Set() };
    if (session !== null) sets.session.add(session);
    if (user !== null) sets.user.add(user);
    named.set(facts.traceId, sets);
  }
  const only = (values: Set<string>) => (values.size === 1 ? ([...values][0] ?? null) : null);
  return new Map(
    [...named].map(([traceId, { session, user }]) => [
      traceId,
      { ...NO_TAGS, session: only(session), user: only(user) },
    ]),
  );
}

const NO_TAGS: SpanTags = {
  agent: null,
  task: null,
  taskType: null,
  feature: null,
  user: null,
  session: null,
};
