import { expect, test } from "vitest";
import { firstEventCommand } from "@/components/keys/first-event-command";

test("the command can be pasted as it is: it has the key and a body the server can read", () => {
  const command = firstEventCommand("http://127.0.0.1:3000", "olk_secret");
  expect(command).toContain("Bearer olk_secret'");
  const body = /-d '(.*)'$/s.exec(command)?.[1] ?? "";
  expect(JSON.parse(body)).toMatchObject({ model: "gpt-4o-mini", feature: "hello" });
});

test("before there is a key, the command says where it goes", () => {
  expect(firstEventCommand("http://127.0.0.1:3000", null)).toContain("<your key>");
});
