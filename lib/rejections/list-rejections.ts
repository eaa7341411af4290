import { z } from "zod";
import type { Db } from "@/db/postgres";
import { listFaultRows, listRejectionRows, type RejectionRow } from "@/db/queries/rejections";
import { readCursor, writeCursor } from "@/lib/cursor";
import type { RejectionsAnswer, RejectionsQuery } from "@/lib/rejections/rejection-schemas";
import { toRejection } from "@/lib/rejections/to-rejection";

/** The last row shown. Newer ones come in front of it, so no page is shifted by them. */
const positionSchema = z.object({ receivedAtMs: z.int(), id: z.uuid() });

const MAX_FAULTS = 100;

/**
 * One page of what did not count, newest first, and how often each fault came. The caller has checked `calls.read` for
 * each project: a body says as much as a call.
 * @throws OutlayError `bad_request` for a cursor that is altered or of another question
 */
export async function listRejections(
  context: { db: Db; projects: readonly { id: string; slug: string }[]; cursorSecret: string },
  query: RejectionsQuery,
): Promise<RejectionsAnswer> {
  const { cursor, limit, kind = null, state = null, fingerprint = null } = query;
  const { db, projects, cursorSecret } = context;
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  const filter = { projectIds: [...slugs.keys()], kind, state, fingerprint };
  const signed = ["rejections", { kind, state, fingerprint }, [...slugs.keys()].sort()];
  const position = cursor ? positionSchema.parse(readCursor(cursorSecret, signed, cursor)) : null;
  const after = position && { id: position.id, receivedAt: new Date(position.receivedAtMs) };
  // One more than the page: whether there is a next one is known, not guessed.
  const rows = await listRejectionRows(db, filter, { after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = (row: RejectionRow) => ({ receivedAtMs: row.receivedAt.getTime(), id: row.id });
  const faults = await listFaultRows(db, filter, MAX_FAULTS);
  return {
    rejections: page.map((row) => toRejection(row, slugs.get(row.projectId) ?? "")),
    faults: faults.map(({ projectId, lastAt, ...fault }) => {
      return { project: slugs.get(projectId) ?? "", ...fault, last_at: lastAt.toISOString() };
    }),
    next_cursor: last && rows.length > limit ? writeCursor(cursorSecret, signed, next(last)) : null,
  };
}
