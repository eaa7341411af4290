import {
  type LinkedColumns,
  listStates,
  type StoredCall,
} from "@/db/clickhouse/queries/revise-calls";
import { isDecided } from "@/ingest/link/find-decided";
import type { Wanted } from "@/ingest/link/plan-links";
import { checkWithoutFaults } from "@/ingest/otlp/check-without-faults";
import { toEvent } from "@/ingest/otlp/to-event";
import { ERASED } from "@/lib/corrections/decide-revision";
import { canonicalJson } from "@/lib/events/canonical-json";

const TAGS = ["agent", "task", "task_type", "feature", "user", "session"] as const;
type Tags = Record<(typeof TAGS)[number], string>;

/** What a call has of its trace, as it is to be. An erased name stays erased, and a person's word stands. */
export function describeLinked(call: StoredCall, wanted: Wanted): LinkedColumns {
  const states = listStates(call);
  const isErased = states.some(({ revision_kind: kind }) => kind === "erase");
  const found = readFields(wanted);
  const names = isErased ? { user: call.user, session: call.session } : {};
  const tags = { ...found.tags, ...names };
  const isEvent = wanted.facts.signal === "event";
  return {
    ...tags,
    linked_id: isDecided(call) ? call.linked_id : wanted.linkedId,
    // What an event was sent with beside its tags is its own.
    metadata: isErased || isEvent ? call.metadata : found.metadata,
    attempt: isEvent ? call.attempt : found.attempt,
    missing_tags: call.missing_tags.filter((tag) => !hasTag(tags, call, tag)),
    sent_tags: isEvent ? keepSent(call, tags) : {},
  };
}

/** Whether a call is described so already. */
export function isSameLinked(call: StoredCall, linked: LinkedColumns): boolean {
  const { sent_tags, ...columns } = linked;
  const isSame = (name: keyof typeof columns) =>
    canonicalJson(call[name]) === canonicalJson(linked[name]);
  return (Object.keys(columns) as (keyof typeof columns)[]).every(isSame);
}

/** Cut and checked as they were when it came, so that what did not change is the same. */
function readFields({ facts, resolution }: Wanted) {
  const event = toEvent(facts, resolution, null);
  const { checked } = checkWithoutFaults(event, Math.max(Date.now(), facts.startUs / 1000));
  const fields: Partial<Record<string, unknown>> = checked.ok ? checked.event.fields : {};
  const tags = Object.fromEntries(TAGS.map((tag) => [tag, textOf(fields[tag])])) as Tags;
  const metadata = (fields.metadata ?? {}) as Record<string, string>;
  return { tags, metadata, attempt: resolution.attempt ?? 0 };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function hasTag(tags: Tags, call: StoredCall, tag: string): boolean {
  const name = TAGS.find((one) => one === tag);
  return name === undefined ? call[tag] !== "" : tags[name] !== "";
}

/** An event's tags as they were sent, where they are others now. */
function keepSent(call: StoredCall, tags: Tags): Record<string, string> {
  const pairs = TAGS.flatMap((tag) => {
    const sent = call.sent_tags[tag] ?? call[tag];
    return sent === tags[tag] || sent === ERASED ? [] : [[tag, sent] as const];
  });
  return Object.fromEntries(pairs);
}
