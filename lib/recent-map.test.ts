import { expect, test } from "vitest";
import { RecentMap } from "@/lib/recent-map";

test("a full map forgets what was used longest ago, and nothing else", () => {
  const map = new RecentMap<string>(2);
  const made: string[] = [];
  const get = (key: string) =>
    map.getOrMake(key, () => {
      made.push(key);
      return key;
    });
  for (const key of ["a", "b", "a", "c", "a", "b"]) get(key);
  expect(map.size).toBe(2);
  expect(made).toEqual(["a", "b", "c", "b"]);
});
