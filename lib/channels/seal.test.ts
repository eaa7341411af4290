import fc from "fast-check";
import { expect, test } from "vitest";
import { SealError, seal, unseal } from "@/lib/channels/seal";

const KEY = "a key of the tests only";

test("what is sealed is read back with its key and owner, and holds none of the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (text, owner) => {
      expect(unseal(KEY, owner, seal(KEY, owner, text))).toBe(text);
    }),
  );
  const sealed = seal(KEY, "a", "https://hooks.example.com/T0KEN");
  expect(sealed).not.toMatch(/hooks|T0KEN/);
  expect(Buffer.from(sealed.split(".")[1] ?? "", "base64url").toString("latin1")).not.toMatch(
    /hooks|T0KEN/,
  );
  expect(seal(KEY, "a", "same")).not.toBe(seal(KEY, "a", "same"));
});

test("another key, another owner or one altered character is an error that names the setting", () => {
  const sealed = seal(KEY, "a", "secret");
  expect(() => unseal("another key of the tests", "a", sealed)).toThrow(/OUTLAY_SECRET_KEY/);
  expect(() => unseal(KEY, "b", sealed)).toThrow(SealError);
  for (let at = 3; at < sealed.length - 1; at++) {
    const other = sealed[at] === "A" ? "B" : "A";
    const altered = `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`;
    expect(() => unseal(KEY, "a", altered)).toThrow(SealError);
  }
  for (const broken of ["", "v1", "v1.", "v2.AAAA", `${sealed}.x`, "v1.AAAA"]) {
    expect(() => unseal(KEY, "a", broken)).toThrow(SealError);
  }
});
