import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Api } from "../api.ts";
import { keepHold } from "./keep-hold.ts";
import { HOLD_SECONDS } from "./reserve.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const HOLD_MS = HOLD_SECONDS * 1000;
/** The network's far end. @param reply by the number of the request; 0: nobody answers */
function openFarEnd(reply: (index: number) => number) {
  const ask = vi.fn(async () => {
    const status = reply(ask.mock.calls.length - 1);
    if (status === 0) throw new Error("ECONNREFUSED");
    return { status, header: () => null, text: '{"detail":"The budget is locked."}' };
  });
  const api: Api = { ask, open: () => Promise.reject(new Error("no stream")) };
  return { api, ask };
}

test("a hold is renewed at half its time for as long as its call goes on, and not after", async () => {
  const { api, ask } = openFarEnd(() => 200);
  const onEnd = vi.fn();
  const stop = keepHold("r", Date.now() + HOLD_MS, { api, mayGoOn: () => false }, onEnd);
  await vi.advanceTimersByTimeAsync(HOLD_MS / 2 - 1);
  expect(ask).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2 * HOLD_MS);
  expect(ask).toHaveBeenCalledTimes(4);
  stop();
  await vi.advanceTimersByTimeAsync(2 * HOLD_MS);
  expect(ask).toHaveBeenCalledTimes(4);
  expect(onEnd).not.toHaveBeenCalled();
});

test("a call stops when the server holds nothing for it any more, and says why", async () => {
  const { api } = openFarEnd(() => 409);
  const onEnd = vi.fn();
  keepHold("r", Date.now() + HOLD_MS, { api, mayGoOn: () => true }, onEnd);
  await vi.advanceTimersByTimeAsync(HOLD_MS);
  expect(onEnd).toHaveBeenCalledTimes(1);
  const [error] = onEnd.mock.calls[0] ?? [];
  expect(error).toMatchObject({ code: "hold_ended", reason: "409 The budget is locked." });
});

test("where nobody answers a call stops when its hold ends, or goes on where calls fail open", async () => {
  for (const mayGoOn of [false, true]) {
    const { api } = openFarEnd(() => 0);
    const onEnd = vi.fn();
    const stop = keepHold("r", Date.now() + HOLD_MS, { api, mayGoOn: () => mayGoOn }, onEnd);
    await vi.advanceTimersByTimeAsync(HOLD_MS - 1_000);
    expect(onEnd).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onEnd).toHaveBeenCalledTimes(mayGoOn ? 0 : 1);
    stop();
  }
});
