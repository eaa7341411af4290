import { expect, test } from "vitest";
import { callPath, sessionPath, signInPath, withQuery } from "@/lib/paths";
import { readSessionRef, writeSessionRef } from "@/lib/sessions/session-ref";

test("a call's id survives the way through a path, whatever it holds", () => {
  const id = "otlp:ab/cd?x=1&y#z ü%";
  const url = new URL(
    callPath({ id, project: "default", timestamp: "2026-11-21T10:00:00+05:45" }),
    "http://localhost",
  );
  expect(decodeURIComponent(url.pathname.replace("/calls/", ""))).toBe(id);
  expect(url.searchParams.get("project")).toBe("default");
  expect(url.searchParams.get("at")).toBe("2026-11-21T10:00:00+05:45");
});

test("a session's name survives the way through a path and through a word of an address, whatever it holds", () => {
  for (const id of ["run:1/2?x=1&y#z ü%", "session", "a\nb", "demo:trace:x"]) {
    for (const kind of ["session", "trace"] as const) {
      const ref = { kind, id, project: "demo" };
      const url = new URL(
        sessionPath(ref, new URLSearchParams({ range: "7d" })),
        "http://localhost",
      );
      expect(decodeURIComponent(url.pathname.slice(`/${kind}s/`.length))).toBe(id);
      expect([...url.searchParams]).toEqual([
        ["range", "7d"],
        ["project", "demo"],
      ]);
      expect(readSessionRef(writeSessionRef(ref))).toEqual(ref);
    }
  }
  for (const text of ["", "demo", "demo:session:", "demo:other:x", ":session:x"]) {
    expect(readSessionRef(text)).toBeNull();
  }
});

test("an empty query leaves no question mark", () => {
  expect(withQuery("/calls", new URLSearchParams())).toBe("/calls");
  expect(withQuery("/calls", new URLSearchParams({ range: "7d" }))).toBe("/calls?range=7d");
});

test("sign-in leads back to where one was", () => {
  expect(signInPath("/explore?range=7d")).toBe("/sign-in?callbackUrl=%2Fexplore%3Frange%3D7d");
});
