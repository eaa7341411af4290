import { expect, test } from "vitest";
import { listTouchedBuckets } from "@/ingest/calls/list-touched-buckets";

const row = (projectId: string, bucket: number, metadata: string): string =>
  `{"version":"1","project_id":"${projectId}","metadata":${metadata},"bucket":${bucket},"id":"a"}\n`;

test("each bucket that the rows of a block lie in is named once", () => {
  const lines = row("p", 900, "{}") + row("q", 900, "{}") + row("p", 900, "{}") + row("p", 0, "{}");
  expect(listTouchedBuckets(lines)).toEqual([
    { projectId: "p", bucket: 900 },
    { projectId: "q", bucket: 900 },
    { projectId: "p", bucket: 0 },
  ]);
});

test("a tag that is called bucket is not taken for the bucket", () => {
  const metadata = '{"a":"1","bucket":"1800","project_id":"q"}';
  expect(listTouchedBuckets(row("p", 900, metadata))).toEqual([{ projectId: "p", bucket: 900 }]);
});

test("a row without a bucket is refused: its rollup would never learn of it", () => {
  const broken = '{"project_id":"p","metadata":{"a":"1","bucket":"900"}}\n';
  expect(() => listTouchedBuckets(broken)).toThrow("has no bucket");
  expect(() => listTouchedBuckets(broken + row("p", 900, "{}"))).toThrow("has no bucket");
});
