import { z } from "zod";
import type { Db } from "@/db/postgres";
import { listChannelRowsById } from "@/db/queries/channels";
import { type FieldError, OutlayError } from "@/lib/errors";

interface Stage {
  notify: readonly string[];
}

/**
 * Refuses stages that name a channel which is not there, or which is another project's: nobody would be told, and only
 * at 70 % would anybody find out.
 * @param before its stages so far: a channel that was removed since stays named, as other edits must go on
 * @throws OutlayError `unprocessable`, with the path of each
 */
export async function requireNamedChannels(
  db: Db,
  projectId: string | null,
  stages: readonly Stage[],
  before: readonly Stage[] = [],
): Promise<void> {
  const known = new Set(before.flatMap(({ notify }) => notify));
  const named = stages.flatMap(({ notify }, stage) =>
    notify.flatMap((id, at) =>
      known.has(id) ? [] : [{ id, path: `thresholds.${stage}.notify.${at}` }],
    ),
  );
  const ids = named.map(({ id }) => id).filter((id) => z.uuid().safeParse(id).success);
  const channels = new Map((await listChannelRowsById(db, ids)).map((row) => [row.id, row]));
  const errors = named.flatMap(({ id, path }): FieldError[] => {
    const channel = channels.get(id);
    if (!channel || channel.archivedAt) return [{ path, message: "is no channel's id" }];
    const isOthers = channel.projectId !== null && channel.projectId !== projectId;
    return isOthers ? [{ path, message: "is another project's channel" }] : [];
  });
  const [first] = errors;
  if (!first) return;
  const detail = `The budget cannot be kept so: ${first.path} ${first.message}.`;
  throw new OutlayError("unprocessable", detail, { errors });
}
