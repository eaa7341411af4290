import path from "node:path";
import { expect, test } from "vitest";
import { readEnv } from "@/lib/env";

test("without settings everything has its documented default", () => {
  expect(readEnv({ NODE_ENV: "production" })).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    role: "all",
    dataDir: path.resolve("./.outlay"),
    clickhouseUrl: null,
    databaseUrl: null,
    timeZone: "UTC",
    spoolMaxBytes: 10 * 1024 ** 3,
  });
});

test("an empty variable is an unset one", () => {
  expect(readEnv({ NODE_ENV: "test", PORT: "", CLICKHOUSE_URL: "" })).toMatchObject({
    port: 3000,
    clickhouseUrl: null,
  });
});

test("all bad settings are named at once", () => {
  const bad = {
    NODE_ENV: "production",
    PORT: "99999",
    OUTLAY_TIME_ZONE: "Mars/Olympus",
    CLICKHOUSE_URL: "localhost",
    OUTLAY_ADMIN_EMAIL: "ada",
  } as const;
  let message = "";
  try {
    readEnv(bad);
  } catch (error) {
    message = String(error);
  }
  for (const name of ["PORT", "OUTLAY_TIME_ZONE", "CLICKHOUSE_URL", "OUTLAY_ADMIN_EMAIL"]) {
    expect(message).toContain(name);
  }
});

test.each(["web", "ingest"])("the role %s refuses an embedded store", (role) => {
  expect(() => readEnv({ NODE_ENV: "production", OUTLAY_ROLE: role })).toThrow("CLICKHOUSE_URL");
});

test("an admin's address without a password is refused", () => {
  expect(() => readEnv({ NODE_ENV: "test", OUTLAY_ADMIN_EMAIL: "a@example.com" })).toThrow(
    "set together",
  );
});
