import { expect, test } from "vitest";
import { Lanes } from "@/db/clickhouse/lanes";

/** Work on a lane that ends when it is told to, and the order in which such work began. */
function makeWork() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    end: (name: string) => ends.get(name)?.(),
    work: (name: string) => () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    },
  };
}

test("what is abandoned while it waits never begins, and whoever comes after it has its place", async () => {
  const lanes = new Lanes(["a", "b"]);
  const { begun, end, work } = makeWork();
  const gone = new AbortController();
  const running = [lanes.run(work("1")), lanes.run(work("2"), gone.signal)];
  const left = [lanes.run(work("left"), gone.signal), lanes.run(work("left too"), gone.signal)];
  const stays = lanes.run(work("stays"), new AbortController().signal);
  await expect.poll(() => begun).toEqual(["1", "2"]);
  gone.abort();
  for (const one of left) await expect(one).rejects.toMatchObject({ isAbandoned: true });
  end("1");
  await expect.poll(() => begun).toEqual(["1", "2", "stays"]);
  // What runs is not given up by its lane: the engine still works on it.
  end("2");
  expect(await Promise.all(running)).toEqual(["1", "2"]);
  end("stays");
  expect(await stays).toBe("stays");
  await lanes.drain();
});

test("what is abandoned before it asks takes no lane, and a store that closes waits for nobody who left", async () => {
  const lanes = new Lanes(["a"]);
  const { begun, end, work } = makeWork();
  await expect(lanes.run(work("never"), AbortSignal.abort())).rejects.toMatchObject({
    isAbandoned: true,
  });
  const gone = new AbortController();
  const running = lanes.run(work("1"));
  const left = lanes.run(work("left"), gone.signal);
  const drained = lanes.drain();
  gone.abort();
  await expect(left).rejects.toMatchObject({ isAbandoned: true });
  await expect.poll(() => begun).toEqual(["1"]);
  end("1");
  await Promise.all([running, drained]);
});
