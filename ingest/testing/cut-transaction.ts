import type { Postgres } from "@/db/postgres";

const CUT = new Error("killed");

/** A process that ends where its last transaction would commit. */
export function cutLast(postgres: Postgres): Postgres {
  const transaction: Postgres["db"]["transaction"] = (work) =>
    postgres.db.transaction(async (tx) => {
      await work(tx);
      throw CUT;
    });
  const db = new Proxy(postgres.db, {
    get: (target, name, receiver) =>
      name === "transaction" ? transaction : Reflect.get(target, name, receiver),
  });
  // An embedded store's lock is of its handle, and a server's is a transaction, which must not be cut.
  return { ...postgres, kind: "embedded", db };
}

/** Waits for work that is cut so. */
export async function expectCut(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (error !== CUT && !(error instanceof Error && error.cause === CUT)) throw error;
  });
}
