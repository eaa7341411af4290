import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { openTestRuntime, type TestRuntime } from "@/lib/testing/test-runtime";

/** A runtime with a calls store too, for what asks both; a test file opens one, and closes it. */
export async function openTestStores(): Promise<TestRuntime> {
  const store = await openTestClickHouse();
  const runtime = await openTestRuntime(store.clickhouse);
  runtime.env.dataDir = store.dataDir;
  const { close } = runtime;
  // The same object: it is in the process's slot.
  runtime.close = async () => {
    await close();
    await store.close();
  };
  return runtime;
}
