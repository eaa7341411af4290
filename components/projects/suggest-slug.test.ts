import fc from "fast-check";
import { expect, test } from "vitest";
import { suggestSlug } from "@/components/projects/suggest-slug";
import { createProjectSchema } from "@/lib/projects/project-schemas";

test("a name becomes what may stand in addresses", () => {
  expect(suggestSlug("Checkout (EU)")).toBe("checkout-eu");
  expect(suggestSlug("  Zürich 2 ")).toBe("zurich-2");
  expect(suggestSlug("日本")).toBe("");
});

test("what is suggested is accepted, whatever the name", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 120, unit: "grapheme" }), (name) => {
      const slug = suggestSlug(name);
      const isGood = createProjectSchema.safeParse({ slug, name: "n" }).success;
      expect(slug === "" || isGood).toBe(true);
    }),
  );
});
