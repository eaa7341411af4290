import { expect, test } from "vitest";
import { listStoreTests } from "@/lib/testing/list-store-tests";

test("files that open stores are found, themselves or through a testing folder, and no others", () => {
  const found = listStoreTests(process.cwd());
  expect(found).toContain("lib/rollups/rebuild-rollups.test.ts");
  expect(found).toContain("ingest/replay.test.ts");
  expect(found).toContain("lib/corrections/history.test.ts");
  expect(found).not.toContain("lib/money.test.ts");
  expect(found).not.toContain("lib/testing/list-store-tests.test.ts");
});

test("a file that opens stores without being found fails instead of running on one pair only", async () => {
  // By a way that is not looked for.
  const { isOnServers, testPostgresUrl } = await import("@/lib/testing/test-stores");
  expect(isOnServers).toThrow("lib/testing/list-store-tests.test.ts opens stores");
  expect(testPostgresUrl).toThrow("does not see");
});
