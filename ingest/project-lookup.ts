import type { Db } from "@/db/postgres";
import { findProjectBySlug, type ProjectRow } from "@/db/queries/projects";
import type { RedactionPattern } from "@/lib/contents/redaction-pattern";
import { OutlayError } from "@/lib/errors";
import { withinDeadline } from "@/lib/reservations/within-deadline";
import type { TagMapping } from "@/lib/traces/tag-mapping";

/** What ingest must know of the project an event goes to. */
export interface IngestProject {
  projectId: string;
  /** Attribution tags the project requires: an event without one is accepted and flagged. */
  requiredTags: readonly string[];
  /** The project takes a call's `reported_cost_usd` as its cost. */
  trustsReportedCost: boolean;
  /** Prompts and answers are kept, for so many days, without what these patterns find. */
  keepsContent: boolean;
  contentRetentionDays: number;
  redactionPatterns: readonly RedactionPattern[];
  /** Where its spans keep its tags. */
  tagMapping: TagMapping;
}

/** What ingest must know of a stored project. */
export function toIngestProject(row: ProjectRow): IngestProject {
  return {
    projectId: row.id,
    requiredTags: row.requiredTags,
    trustsReportedCost: row.trustsReportedCost,
    keepsContent: row.keepsContent,
    contentRetentionDays: row.contentRetentionDays,
    redactionPatterns: row.redactionPatterns,
    tagMapping: row.tagMapping,
  };
}

export type ProjectLookup = (slug: string) => Promise<IngestProject | null>;

/** A change of the project (or its removal) is obeyed within this time. */
const FRESH_MS = 10_000;
/** A known project is tried again only this often while PostgreSQL is out of reach. */
const RETRY_MS = 5_000;
/** A known project does not wait longer than this for a PostgreSQL that says nothing; an unknown one has to. */
const STALE_WAIT_MS = 1_000;
const UNKNOWN_WAIT_MS = 5_000;
const MAX_ENTRIES = 1_000;

/**
 * Makes the lookup of a project by its slug, for installation keys. A project that is known stays known while
 * PostgreSQL is away or says nothing, so that its outage costs nobody an event.
 * @throws (the lookup) OutlayError `unavailable` where PostgreSQL is out of reach and the slug is not known here.
 */
export function createProjectLookup(db: Db, now: () => number = Date.now): ProjectLookup {
  const known = new Map<string, { project: IngestProject; freshUntilMs: number }>();
  return async (slug) => {
    const entry = known.get(slug);
    if (entry && entry.freshUntilMs > now()) return entry.project;
    try {
      const waitMs = entry ? STALE_WAIT_MS : UNKNOWN_WAIT_MS;
      const row = await withinDeadline(findProjectBySlug(db, slug), waitMs);
      known.delete(slug);
      if (!row) return null;
      const project = toIngestProject(row);
      if (known.size >= MAX_ENTRIES) known.clear();
      known.set(slug, { project, freshUntilMs: now() + FRESH_MS });
      return project;
    } catch (cause) {
      if (entry) {
        entry.freshUntilMs = now() + RETRY_MS;
        return entry.project;
      }
      throw new OutlayError("unavailable", "Projects cannot be looked up just now.", {
        retryAfterSeconds: 5,
        cause,
      });
    }
  };
}
