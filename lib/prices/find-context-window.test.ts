import { expect, test } from "vitest";
import { findContextWindow } from "@/lib/prices/find-context-window";

test("a model's window is the catalogue's, under whatever name it is called, and null where it has none", () => {
  expect(findContextWindow("openai", "gpt-4o")).toBe(128_000);
  expect(findContextWindow("azure_openai", "gpt-4o")).toBe(findContextWindow("azure", "gpt-4o"));
  expect(findContextWindow("openai", "nobody-knows-this")).toBeNull();
  expect(findContextWindow("", "")).toBeNull();
});
