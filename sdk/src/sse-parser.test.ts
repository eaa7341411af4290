import fc from "fast-check";
import { expect, test } from "vitest";
import { createSseParser, type ServerSentEvent } from "./sse-parser.ts";

function parse(pieces: readonly string[]): { events: ServerSentEvent[]; retries: number[] } {
  const events: ServerSentEvent[] = [];
  const retries: number[] = [];
  const take = createSseParser({
    onEvent: (event) => events.push(event),
    onRetry: (ms) => retries.push(ms),
  });
  for (const piece of pieces) take(piece);
  return { events, retries };
}

const line = fc
  .string({ unit: "binary", maxLength: 12 })
  .map((text) => text.replace(/[\r\n\0]/g, "_"));
const sent = fc.record({
  event: line.map((text) => text.replace(/^\s+|\s+$/g, "")),
  data: fc.array(line, { minLength: 1, maxLength: 3 }),
  comment: line,
});
const newline = fc.constantFrom("\n", "\r\n", "\r");

test("events are read the same however the stream is cut and its lines end", () => {
  fc.assert(
    fc.property(
      fc.array(sent, { maxLength: 4 }),
      newline,
      fc.array(fc.nat(200), { maxLength: 6 }),
      (list, end, cuts) => {
        const text = list
          .map(({ event, data, comment }) =>
            [`:${comment}`, `event: ${event}`, ...data.map((one) => `data: ${one}`), "", ""].join(
              end,
            ),
          )
          .join("");
        const marks = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length];
        marks.sort((a, b) => a - b);
        const pieces = marks.slice(1).map((mark, index) => text.slice(marks[index], mark));
        const whole = list.map(({ event, data }) => ({
          event: event || "message",
          data: data.join("\n"),
          id: "",
        }));
        // A last CR may be half of a line's end: what follows decides.
        expect(parse([...pieces, ":\n"]).events).toEqual(whole);
      },
    ),
  );
});

test("an event that no blank line ended is none; ids stay, a retry is told", () => {
  const { events, retries } = parse([
    "\ufeffretry: 1500\nretry: soon\nid: 7\ndata\n\nevent: x\n\ndata:a\ndata: b\n\ndata: cut",
  ]);
  expect(retries).toEqual([1500]);
  expect(events).toEqual([
    { event: "message", data: "", id: "7" },
    { event: "message", data: "a\nb", id: "7" },
  ]);
});
