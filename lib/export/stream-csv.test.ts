import http from "node:http";
import type { AddressInfo } from "node:net";
import { NodeNextRequest, NodeNextResponse } from "next/dist/server/base-http/node";
import { sendResponse } from "next/dist/server/send-response";
import { expect, test } from "vitest";
import { streamCsv } from "@/lib/export/stream-csv";
import { createLog } from "@/lib/log";

const context = { log: createLog("silent"), requestId: "r-1" };
const LINE = `${"x".repeat(1022)}\r\n`;
const endless = Number.POSITIVE_INFINITY;

/** Lines of 1 KiB, counted as they are made. */
function makeLines(count: number, failsAfter = endless) {
  const made = { lines: 0, isReturned: false };
  async function* lines() {
    try {
      for (; made.lines < count; made.lines += 1) {
        if (made.lines >= failsAfter) throw new Error("the store went away");
        yield LINE;
      }
    } finally {
      made.isReturned = true;
    }
  }
  return { made, lines: lines() };
}

/** Serves a body the way Next serves a route's answer. */
async function serve(open: () => Promise<ReadableStream<Uint8Array>>) {
  const server = http.createServer((request, response) => {
    const send = async () => {
      const answer = new Response(await open(), { headers: { "content-type": "text/csv" } });
      await sendResponse(new NodeNextRequest(request), new NodeNextResponse(response), answer);
    };
    // What Next does with it: the log has it.
    send().catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("all lines arrive, in order and once", async () => {
  async function* lines() {
    for (let index = 0; index < 50_000; index += 1) yield `${index}\r\n`;
  }
  const text = await new Response(await streamCsv(lines(), context)).text();
  expect(text).toBe(Array.from({ length: 50_000 }, (_, index) => `${index}\r\n`).join(""));
});

test("lines are made as they are read, and no more once the reader goes away", async () => {
  const { made, lines } = makeLines(endless);
  const reader = (await streamCsv(lines, context)).getReader();
  const first = made.lines;
  expect(first).toBeLessThan(100);
  await reader.read();
  await reader.read();
  expect(made.lines).toBeLessThan(3 * 100);
  await reader.cancel();
  const last = made.lines;
  expect(made.isReturned).toBe(true);
  await reader.read();
  expect(made.lines).toBe(last);
});

test("a reader that leaves while lines are made is no fault", async () => {
  const faults: unknown[] = [];
  let release: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* lines() {
    for (let index = 0; index < 100; index += 1) yield LINE;
    await waiting;
    for (let index = 0; index < 100; index += 1) yield LINE;
  }
  const log = { error: (fault: unknown) => void faults.push(fault) };
  const stream = await streamCsv(lines(), { log, requestId: "r-1" });
  const reader = stream.getReader();
  await reader.read();
  const pending = reader.read();
  const left = reader.cancel();
  release();
  await left;
  expect(await pending).toMatchObject({ done: true });
  expect(faults).toEqual([]);
});

test("a fault of the first lines is thrown as such: nothing was sent yet", async () => {
  await expect(streamCsv(makeLines(10, 0).lines, context)).rejects.toThrow("the store went away");
});

test("over HTTP, a fault midway breaks the connection: a part never looks like the whole", async () => {
  const server = await serve(() => streamCsv(makeLines(1000, 700).lines, context));
  try {
    const response = await fetch(server.url);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  } finally {
    await server.close();
  }
});

test("over HTTP, a reader that does not read holds the lines up, and one that leaves ends them", async () => {
  const { made, lines } = makeLines(endless);
  const server = await serve(() => streamCsv(lines, context));
  try {
    const response = await fetch(server.url);
    const reader = response.body?.getReader();
    await reader?.read();
    // Endless lines would pass any number: they stop where the sockets are full.
    let before = -1;
    await expect
      .poll(
        () => {
          const isStill = before === made.lines;
          before = made.lines;
          return isStill;
        },
        { interval: 300, timeout: 30_000 },
      )
      .toBe(true);
    expect(made.lines).toBeLessThan(64 * 1024);
    expect(made.isReturned).toBe(false);
    await reader?.cancel();
    await expect.poll(() => made.isReturned, { timeout: 10_000 }).toBe(true);
  } finally {
    await server.close();
  }
});
