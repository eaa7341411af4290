import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { liveEvery } from "@/components/states/live-every";

/** The wait after each of these answers of a server, as the query that got them asks for it. */
async function waitsAfter(answers: readonly ("fails" | "answers")[]): Promise<(number | false)[]> {
  const client = new QueryClient();
  const waits: (number | false)[] = [];
  for (const answer of answers) {
    const queryFn = () =>
      answer === "fails" ? Promise.reject(new Error("down")) : Promise.resolve("all well");
    await client.fetchQuery({ queryKey: ["live"], queryFn, retry: false }).catch(() => undefined);
    const query = client.getQueryCache().find({ queryKey: ["live"] });
    if (query) waits.push(liveEvery(5_000)(query));
  }
  client.clear();
  return waits;
}

test("a first answer that failed is not asked again by itself: its error and Retry stay in place", async () => {
  expect(await waitsAfter(["fails", "fails"])).toEqual([false, false]);
});

test("what was once answered is asked again and again, whatever fails between", async () => {
  expect(await waitsAfter(["answers", "fails", "answers"])).toEqual([5_000, 5_000, 5_000]);
  expect(await waitsAfter(["fails", "answers"])).toEqual([false, 5_000]);
});
