import { randomUUID } from "node:crypto";
import { insertKey } from "@/db/queries/keys";
import { insertProject } from "@/db/queries/projects";
import { encodeRequest, type StreamRequest } from "@/ingest/testing/event-stream";
import type { TestIngest } from "@/ingest/testing/open-ingest";
import { hashKey } from "@/lib/keys/hash-key";

/** A project of its own in the same stores, so that two histories of one stream lie side by side. */
export async function makeTestProject({
  postgres,
}: Pick<TestIngest, "postgres">): Promise<{ id: string; key: string }> {
  const slug = `p-${randomUUID()}`;
  const project = await insertProject(postgres.db, { slug, name: slug });
  if (!project) throw new Error(`no project ${slug}`);
  const key = `test_${randomUUID()}`;
  await insertKey(postgres.db, {
    projectId: project.id,
    name: "test",
    hash: hashKey(key),
    prefix: key.slice(0, 9),
    scopes: ["ingest"],
    isInstallation: false,
  });
  return { id: project.id, key };
}

/** Sends requests, some at once. @returns events accepted */
export async function sendRequests(
  { post }: Pick<TestIngest, "post">,
  key: string,
  requests: readonly StreamRequest[],
  width = 1,
): Promise<number> {
  let accepted = 0;
  for (let at = 0; at < requests.length; at += width) {
    const answers = await Promise.all(
      requests.slice(at, at + width).map((request) => {
        const { body, headers } = encodeRequest(request);
        return post(body, { key, headers });
      }),
    );
    accepted += answers.reduce((sum, { body }) => sum + body.accepted, 0);
  }
  return accepted;
}
