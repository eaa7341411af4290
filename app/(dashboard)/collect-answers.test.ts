import { expect, test } from "vitest";
import { collectAnswers } from "@/app/(dashboard)/collect-answers";

const keysOf = ({ queries }: Awaited<ReturnType<typeof collectAnswers>>) =>
  queries.map(({ queryKey, state }) => [queryKey, state.data]);

test("a store that never answers does not hold the page back: what was there by then goes out", async () => {
  const work = async (keep: (key: string[], answer: unknown) => void) => {
    keep(["quick"], 1);
    await new Promise(() => undefined);
  };
  const begunMs = performance.now();
  // Nobody's clock of the machine is asserted: without an end this would not return at all.
  expect(keysOf(await collectAnswers(work, begunMs + 20))).toEqual([[["quick"], 1]]);
});

test("what fails is left out and fails nothing else; what comes too late changes nothing", async () => {
  let answerLate: (value: unknown) => void = () => undefined;
  const late = new Promise((resolve) => {
    answerLate = resolve;
  });
  const state = await collectAnswers(async (keep) => {
    keep(["quick"], 1);
    void late.then(() => keep(["late"], 2));
    throw new Error("the store is away");
  }, performance.now() + 60_000);
  answerLate(null);
  await late;
  expect(keysOf(state)).toEqual([[["quick"], 1]]);
});
