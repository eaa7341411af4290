import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { CLIENTS } from "@/lib/clients/clients";
import { fillStep } from "@/lib/clients/fill-step";

const PAGES = path.join(import.meta.dirname, "../../docs/clients");
const read = (page: string) => fs.readFileSync(path.join(PAGES, page), "utf8");

test("every client has a page with the very lines that the first-run page offers, and the index names it", () => {
  const index = read("README.md");
  for (const client of CLIENTS) {
    const page = read(`${client.id}.md`);
    for (const step of client.steps) {
      expect(page).toContain(`\n${fillStep(step, "http://127.0.0.1:3000", null)}\n\`\`\``);
    }
    expect(index).toContain(`| [${client.title}](${client.id}.md) |`);
  }
  const pages = [...CLIENTS.map(({ id }) => `${id}.md`), "README.md"];
  expect(fs.readdirSync(PAGES).sort()).toEqual(pages.sort());
});

test("no client is told to speak gRPC, and each is told where this server is and which key to show", () => {
  for (const { steps } of CLIENTS) {
    const text = steps
      .map((step) => fillStep(step, "https://outlay.test", "olk_secret"))
      .join("\n");
    expect(text).not.toMatch(/grpc|:431[78]\b|[{](origin|key)[}]/);
    expect(text).toMatch(/(x-api-key"?( = "|=|": ")|API_KEY=")olk_secret"/);
    expect(text).toContain("https://outlay.test");
  }
});

test("what is handed out to a team has no lines of JSON that cannot be read", () => {
  const page = read("../coding-agents.md");
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)];
  expect(blocks).not.toHaveLength(0);
  for (const [, json] of blocks) expect(() => JSON.parse(json ?? "")).not.toThrow();
});
