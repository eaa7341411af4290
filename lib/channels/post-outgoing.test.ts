import type { ServerResponse } from "node:http";
import type { LookupFunction } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DeliveryError } from "@/lib/channels/delivery-error";
import { findAddressFault } from "@/lib/channels/outgoing-address";
import { type Outgoing, postOutgoing, readRetryAfter } from "@/lib/channels/post-outgoing";
import { type Receiver, serveReceiver } from "@/lib/testing/serve-receiver";

let receiver: Receiver;
beforeAll(async () => {
  receiver = await serveReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = (response) => response.end("ok");
});
afterAll(() => receiver.close());

const GUARDED: Outgoing = { mayReachPrivate: false };
const OPEN: Outgoing = { mayReachPrivate: true };
const HASTY: Outgoing = { ...OPEN, timeoutMs: 200 };
const REQUEST = { body: "{}", headers: { "content-type": "application/json" } };

/** Answers every name with these addresses, as a name server might. */
function resolving(...addresses: string[]): LookupFunction {
  return (_name, options, done) => {
    const all = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (options.all) done(null, all);
    else done(null, all[0]?.address ?? "", all[0]?.family ?? 4);
  };
}

const PRIVATE_HOSTS = [
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.169.254",
  "169.254.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "2130706433",
  "017700000001",
  "0x7f000001",
  "0x7f.1",
  "127.1",
  "0",
  "[::1]",
  "[::]",
  "[fc00::1]",
  "[fd12:3456::1]",
  "[fe80::1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::ffff:169.254.169.254]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b::a9fe:a9fe]",
  "[2002:7f00:1::]",
  "[ff02::1]",
  "localhost",
  "localhost.",
  "api.localhost",
];

test("an address that is not public is refused when it is saved and when it is sent to, however it is written", async () => {
  for (const host of PRIVATE_HOSTS) {
    const address = `http://${host}:${receiver.port}/`;
    expect(findAddressFault(address, false), host).toMatch(/no public address/);
    await expect(postOutgoing(GUARDED, address, REQUEST), host).rejects.toThrow(DeliveryError);
  }
  expect(receiver.received).toEqual([]);
  for (const host of ["example.com", "8.8.8.8", "172.32.0.1", "[2606:4700::1111]", "100.128.0.1"]) {
    expect(findAddressFault(`https://${host}/`, false), host).toBeNull();
  }
});

test("only http and https are addresses, and none with a user or a password in it", () => {
  for (const address of [
    "file:///etc/passwd",
    "gopher://example.com/",
    "ftp://example.com/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "//example.com",
    "example.com/hook",
    "",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com@127.0.0.1/",
  ]) {
    expect(findAddressFault(address, true), address).not.toBeNull();
  }
});

test("a name that resolves inside is refused at the connection, with one inner address among others too", async () => {
  const address = `http://hooks.example.com:${receiver.port}/`;
  for (const inner of [
    ["127.0.0.1"],
    ["10.0.0.1"],
    ["169.254.169.254"],
    ["::1"],
    ["fe80::1"],
    ["fd00::1"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["93.184.216.34", "127.0.0.1"],
  ]) {
    const outgoing = { ...GUARDED, lookup: resolving(...inner) };
    await expect(postOutgoing(outgoing, address, REQUEST), inner.join()).rejects.toThrow(
      /not public \(OUTLAY_ALLOW_PRIVATE_WEBHOOKS/,
    );
  }
  expect(receiver.received).toEqual([]);
  // The same with the operator's leave arrives: what refused was the guard.
  const allowed = { ...OPEN, lookup: resolving("127.0.0.1") };
  expect(await postOutgoing(allowed, address, REQUEST)).toEqual({ status: 200, text: "ok" });
  expect(receiver.received).toHaveLength(1);
});

test("a redirect is a failure that says so, and what it leads to is never asked", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    receiver.received.length = 0;
    receiver.answer = (response) => {
      response.writeHead(status, { location: `${receiver.url}/inside` }).end();
    };
    await expect(postOutgoing(OPEN, receiver.url, REQUEST)).rejects.toMatchObject({
      message: expect.stringContaining(`answered ${status}, a redirect`),
      status,
    });
    expect(receiver.received.map(({ path }) => path)).toEqual(["/"]);
  }
});

test("of an answer without end 64 KiB are read, and one that never comes is given up", async () => {
  receiver.answer = (response) => {
    const pour = () => {
      while (response.write("x".repeat(16_384)));
      response.once("drain", pour);
    };
    pour();
  };
  expect((await postOutgoing(OPEN, receiver.url, REQUEST)).text).toHaveLength(64 * 1024);
  receiver.answer = () => undefined;
  await expect(postOutgoing(HASTY, receiver.url, REQUEST)).rejects.toThrow(/not answer in time/);
});

test("the status says whether it was taken, also where what follows drips, hangs or breaks off", async () => {
  const [drips, breaksOff] = [
    (response: ServerResponse) => void response.write("x"),
    (response: ServerResponse) => void response.write("x", () => response.destroy()),
  ];
  for (const goOn of [drips, breaksOff]) {
    receiver.answer = goOn;
    expect(await postOutgoing(HASTY, receiver.url, REQUEST)).toEqual({ status: 200, text: "x" });
    receiver.answer = (response) => goOn(response.writeHead(429, { "retry-after": "120" }));
    await expect(postOutgoing(HASTY, receiver.url, REQUEST)).rejects.toMatchObject({
      status: 429,
      retryAfterMs: 120_000,
    });
  }
});

test("a refusal tells its status, what was said and when to come again, and never the address's path", async () => {
  receiver.answer = (response) => {
    response.writeHead(429, { "retry-after": "120" }).end("slow\n down\u0000");
  };
  const refused = postOutgoing(OPEN, `${receiver.url}/T0KEN?key=S3CRET`, REQUEST);
  await expect(refused).rejects.toMatchObject({
    message: `127.0.0.1:${receiver.port} answered 429: slow down`,
    status: 429,
    retryAfterMs: 120_000,
  });
  const closed = await serveReceiver();
  await closed.close();
  const unreachable = postOutgoing(OPEN, `${closed.url}/T0KEN`, REQUEST);
  await expect(unreachable).rejects.toMatchObject({
    message: `127.0.0.1:${closed.port} cannot be reached: ECONNREFUSED.`,
    status: null,
  });
});

test("Retry-After is read as seconds or as a date, and anything else as nothing", () => {
  const nowMs = Date.parse("2026-07-01T10:00:00Z");
  expect(readRetryAfter("30", nowMs)).toBe(30_000);
  expect(readRetryAfter("Wed, 01 Jul 2026 10:01:00 GMT", nowMs)).toBe(60_000);
  expect(readRetryAfter("Wed, 01 Jul 2026 09:00:00 GMT", nowMs)).toBe(0);
  for (const value of [undefined, "", "soon", "-5"])
    expect(readRetryAfter(value, nowMs)).toBeNull();
});
