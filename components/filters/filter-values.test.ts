import { expect, test } from "vitest";
import { chooseTypedValue } from "@/components/filters/filter-values";

const known = { values: ["support", "search", "", "sea"], isComplete: true };

test("Enter takes the one value that the search leaves over", () => {
  expect(chooseTypedValue("SUP", known)).toBe("support");
});

test("Enter takes the text as it is where it names a value, fits several, or might be one not listed", () => {
  expect(chooseTypedValue("sea", known)).toBe("sea");
  expect(chooseTypedValue("se", known)).toBe("se");
  expect(chooseTypedValue("sup", { ...known, isComplete: false })).toBe("sup");
  expect(chooseTypedValue("sup", null)).toBe("sup");
});
