import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { nextVersion, toDateTimeText, toInstantUs } from "@/db/clickhouse/llm-call-row";

/** What is derived of a call. Money is text with at most 15 fraction digits; null is unknown. */
const derivedShape = {
  cost_usd: z.string().nullable(),
  list_cost_usd: z.string().nullable(),
  cost_status: z.string(),
  cost_reason: z.string(),
  /** JSON text of its price, `""` where there is none. */
  price: z.string(),
  counted: z.boolean(),
};
const revisionShape = {
  revised_at: z.string(),
  revision_kind: z.string(),
  revision_reason: z.string(),
  revision_author: z.string(),
  correction_id: z.string(),
};
const stateShape = { ...revisionShape, ...derivedShape };
type StateName = keyof typeof stateShape;
const STATE_NAMES = Object.keys(stateShape) as StateName[];

type Derived = z.output<z.ZodObject<typeof derivedShape>>;
/** One state of a call: what was derived, when, by what. */
export type CallState = z.output<z.ZodObject<typeof stateShape>>;

/**
 * A row as it is stored, every column of it, also those that are not named here: what is written back is the same
 * row, but for what was derived. 64-bit numbers and decimals are text, so that no digit is lost on the way.
 */
export const storedCall = z.looseObject({
  project_id: z.string(),
  bucket: z.string(),
  id: z.string(),
  ts: z.string(),
  version: z.string(),
  revision: z.int(),
  type: z.enum(["llm", "tool", "agent", "step", "guard"]),
  provider: z.string(),
  model: z.string(),
  user: z.string(),
  session: z.string(),
  usage: z.string(),
  usage_source: z.enum(["reported", "estimated"]),
  service_tier: z.string(),
  inference_geo: z.string(),
  reported_cost_usd: z.string().nullable(),
  status: z.enum(["ok", "error"]),
  error_type: z.string(),
  metadata: z.record(z.string(), z.string()),
  agent: z.string(),
  task: z.string(),
  task_type: z.string(),
  feature: z.string(),
  linked_id: z.string(),
  attempt: z.int(),
  missing_tags: z.array(z.string()),
  sent_tags: z.record(z.string(), z.string()),
  ...stateShape,
  ...Object.fromEntries(
    STATE_NAMES.map((name) => [`earlier.${name}`, z.array(stateShape[name])] as const),
  ),
});
export type StoredCall = z.output<typeof storedCall>;

/** What a call has of the trace it is in: found there, and found again as more of the trace arrives. */
export interface LinkedColumns {
  linked_id: string;
  agent: string;
  task: string;
  task_type: string;
  feature: string;
  user: string;
  session: string;
  metadata: Record<string, string>;
  /** 0: not known. */
  attempt: number;
  missing_tags: string[];
  /** Of an event that was sent as one: its tags as they were sent, where they are others now. */
  sent_tags: Record<string, string>;
}

/**
 * What becomes of a call. `names` only where a person is erased, `linked` where more of its trace is known: nothing else
 * that was received ever changes.
 */
export interface CallRevision {
  call: StoredCall;
  derived: Derived;
  names?: Pick<StoredCall, "user" | "session" | "metadata"> & Partial<LinkedColumns>;
  linked?: LinkedColumns;
  /** Of this call alone; else the batch's. */
  reason?: string;
}

/** Who corrects what why; the same for all calls of a batch. */
export interface RevisionAuthor {
  kind: "reprice" | "void" | "restore" | "erase" | "link";
  reason: string;
  author: string;
  correctionId: string;
  /** Microseconds since 1970. */
  atUs: number;
}

/** Whether a correction changed a call, be it before other ones. */
export function isCorrectedBy(call: StoredCall, correctionId: string): boolean {
  const earlier = call["earlier.correction_id"];
  if (call.correction_id === correctionId) return true;
  return Array.isArray(earlier) && earlier.some((id) => id === correctionId);
}

/** Every state of a call, oldest first; the last one holds. */
export function listStates(call: StoredCall): CallState[] {
  const earlier = call["earlier.revised_at"];
  const count = Array.isArray(earlier) ? earlier.length : 0;
  const states = Array.from({ length: count }, (_, index) =>
    stateSchema.parse(
      Object.fromEntries(
        STATE_NAMES.map((name) => {
          const values = call[`earlier.${name}`];
          return [name, Array.isArray(values) ? values[index] : undefined];
        }),
      ),
    ),
  );
  return [...states, stateSchema.parse(call)];
}
const stateSchema = z.object(stateShape);

/**
 * Inserts the next revision of calls, as one block. From then on it is what answers; its rollups are told by the
 * caller, after this.
 * @param added lines of rows that are inserted in the same block
 * @throws RangeError for a call with 8,191 revisions. @throws QueryFailedError
 */
export async function insertRevisions(
  clickhouse: Pick<ClickHouse, "insertLines">,
  revisions: readonly CallRevision[],
  author: RevisionAuthor,
  added = "",
): Promise<void> {
  const lines = revisions.map((revision) => `${JSON.stringify(toRow(revision, author))}\n`);
  await clickhouse.insertLines("llm_calls", `${lines.join("")}${added}`);
}

function toRow({ call, derived, names, linked, reason }: CallRevision, author: RevisionAuthor) {
  // A clock that was set back must not put a later state before an earlier one.
  const atUs = Math.max(author.atUs, toInstantUs(call.revised_at) + 1);
  return {
    ...call,
    ...names,
    ...linked,
    ...derived,
    revision: call.revision + 1,
    version: nextVersion(call.version),
    revised_at: toDateTimeText(atUs),
    revision_kind: author.kind,
    revision_reason: reason ?? author.reason,
    revision_author: author.author,
    correction_id: author.correctionId,
    ...Object.fromEntries(
      STATE_NAMES.map((name) => {
        const earlier = call[`earlier.${name}`];
        return [`earlier.${name}`, [...(Array.isArray(earlier) ? earlier : []), call[name]]];
      }),
    ),
  };
}
