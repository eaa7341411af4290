import type { ChannelRow } from "@/db/queries/channels";
import { type Actor, can } from "@/lib/auth/actor";
import type { ChannelConfig } from "@/lib/channels/channel";
import { readChannelRow, unsealConfig } from "@/lib/channels/channel-row";
import type { ChannelAnswer } from "@/lib/channels/channel-schemas";
import { SealError } from "@/lib/channels/seal";

const SHOWN_CHARACTERS = 4;
/** Of a shorter secret the last four characters would be too much of it. */
const MASKED_FROM = 12;

/** Who reads, and what the stored text is opened with. */
export interface ChannelReader {
  actor: Actor;
  sealingSecret: string;
  /** Slugs of projects by id. */
  slugs: ReadonlyMap<string, string>;
}

/** A channel for people: never its address as a whole, and never a key. */
export function toChannelAnswer(row: ChannelRow, reader: ChannelReader): ChannelAnswer {
  const { id, name, type, audience, match, projectId } = readChannelRow(row);
  const opened = open(row, reader.sealingSecret);
  return {
    id,
    name,
    type,
    project: projectId === null ? null : (reader.slugs.get(projectId) ?? projectId),
    audience,
    match,
    config: opened.config && outline(opened.config),
    problem: opened.problem,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    archived_at: row.archivedAt?.toISOString() ?? null,
    can_change: can(reader.actor, "channels.write", projectId) && row.archivedAt === null,
  };
}

function open(row: ChannelRow, sealingSecret: string) {
  try {
    return { config: unsealConfig(sealingSecret, row), problem: null };
  } catch (error) {
    // One that cannot be read must not hide the others.
    if (error instanceof SealError) return { config: null, problem: error.message };
    throw error;
  }
}

function outline(config: ChannelConfig): NonNullable<ChannelAnswer["config"]> {
  switch (config.type) {
    case "webhook":
      return { url: maskUrl(config.url), signed: true };
    case "slack":
      return { url: maskUrl(config.url) };
    case "email":
      return { to: config.to };
    case "pagerduty":
      return { url: maskUrl(config.url), routing_key: mask(config.routing_key) };
  }
}

function mask(secret: string): string {
  return secret.length < MASKED_FROM ? "…" : `…${secret.slice(-SHOWN_CHARACTERS)}`;
}

/** The path and query of an address are often its password. */
function maskUrl(address: string): string {
  const { origin, pathname, search } = new URL(address);
  const rest = `${pathname}${search}`;
  return rest === "/" ? origin : `${origin}/${mask(rest)}`;
}
