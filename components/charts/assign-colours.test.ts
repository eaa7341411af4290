import fc from "fast-check";
import { expect, test } from "vitest";
import { assignColours } from "@/components/charts/assign-colours";
import { SERIES_SLOTS } from "@/components/charts/palette";

const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: SERIES_SLOTS });

test("names shown together never share a colour", () => {
  fc.assert(
    fc.property(names, names, (before, now) => {
      const { memory } = assignColours(before, {});
      const { slots } = assignColours(now, memory);
      expect(new Set(slots.values()).size).toBe(now.length);
    }),
  );
});

test("a new order of costs moves no colour", () => {
  fc.assert(
    fc.property(names, (shown) => {
      const first = assignColours(shown, {});
      const second = assignColours([...shown].reverse(), first.memory);
      expect(second.slots).toEqual(new Map([...first.slots].sort(byOrderOf(second.slots))));
      expect(Object.fromEntries(second.slots)).toEqual(Object.fromEntries(first.slots));
    }),
  );
});

test("a name keeps its colour when others come and go", () => {
  const first = assignColours(["search", "chat", "billing"], {});
  const second = assignColours(["triage", "chat", "refunds", "search"], first.memory);
  expect(second.slots.get("chat")).toBe(first.slots.get("chat"));
  expect(second.slots.get("search")).toBe(first.slots.get("search"));
});

test("a name called like a number or a built-in is a name like any other", () => {
  const { slots } = assignColours(["__proto__", "constructor", "7"], {});
  expect(new Set(slots.values()).size).toBe(3);
});

test("the memory does not grow without end", () => {
  let memory = {};
  for (let index = 0; index < 700; index++) {
    ({ memory } = assignColours([`name ${index}`], memory));
  }
  expect(Object.keys(memory).length).toBe(500);
});

function byOrderOf(order: ReadonlyMap<string, number>) {
  const keys = [...order.keys()];
  return (a: [string, number], b: [string, number]) => keys.indexOf(a[0]) - keys.indexOf(b[0]);
}
