import { expect, test } from "vitest";
import { ByteBudget } from "@/ingest/http-body/byte-budget";
import { Turns } from "@/ingest/http-body/turns";

test("bodies past the budget are told to come back, and what is given back can be taken again", () => {
  const budget = new ByteBudget(100);
  budget.take(60);
  expect(() => budget.take(41)).toThrow(
    expect.objectContaining({ code: "unavailable", retryAfterSeconds: 1 }),
  );
  budget.take(40);
  budget.give(60);
  budget.take(60);
});

test("large bodies are worked on one after another, small ones at once, and a failure holds up nobody", async () => {
  const turns = new Turns(10);
  const log: string[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const large = turns.run(10, async () => {
    await gate;
    log.push("large");
    throw new Error("failed");
  });
  const next = turns.run(11, async () => {
    log.push("next");
  });
  await turns.run(9, async () => {
    log.push("small");
  });
  expect(log).toEqual(["small"]);
  open();
  await expect(large).rejects.toThrow("failed");
  await next;
  expect(log).toEqual(["small", "large", "next"]);
});
