import { expect } from "vitest";
import { findCorrection, insertCorrection, type NewCorrectionRow } from "@/db/queries/corrections";
import type { TestIngest } from "@/ingest/testing/open-ingest";
import { ALL_TIME } from "@/lib/corrections/correction-row";

/** Has calls of the default project corrected by the job of this process. Resolves when that is over. */
export async function correctAtOnce(
  ingest: Pick<TestIngest, "postgres" | "projectIds" | "wakeCorrections">,
  kind: NewCorrectionRow["kind"],
  filter: { dimension: string; value: string },
): Promise<void> {
  const { db } = ingest.postgres;
  const { id } = await insertCorrection(db, {
    kind,
    projectIds: [ingest.projectIds.default],
    ...ALL_TIME,
    filters: [{ dimension: filter.dimension, values: [filter.value] }],
    reason: "a test",
    authorType: "system",
    authorId: "test",
    authorName: "test",
  });
  ingest.wakeCorrections();
  const isOver = async () => (await findCorrection(db, id))?.finishedAt ?? null;
  await expect.poll(isOver, { timeout: 60_000, interval: 20 }).not.toBeNull();
  expect(await findCorrection(db, id)).toMatchObject({ state: "done" });
}
