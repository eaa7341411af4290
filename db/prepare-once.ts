import type { Db } from "@/db/postgres";

/**
 * A drizzle query that is built once for each handle: putting a select's SQL together takes about as long as its
 * answer, and every request asks the same few. A transaction is a handle of its own and is forgotten with it.
 * @param build ends in `.prepare(name)`; what differs from call to call is a `sql.placeholder`, which drizzle hands on
 * as it is: an instant is given as ISO text
 */
export function prepareOnce<Query>(build: (db: Db) => Query): (db: Db) => Query {
  const built = new WeakMap<Db, Query>();
  return (db) => {
    const known = built.get(db);
    if (known !== undefined) return known;
    const query = build(db);
    built.set(db, query);
    return query;
  };
}
