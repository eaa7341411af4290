import fc from "fast-check";
import { expect, it } from "vitest";
import { readTurns } from "@/components/contents/read-turns";
import { splitHidden } from "@/components/contents/visible-text";

const text = (words: string) => ({ kind: "text", text: words });
const call = { kind: "tool_call", name: "look", id: "c1", input: { q: 1 } };
const result = (name: string | null) => ({ kind: "tool_result", name, id: "c1", output: { a: 2 } });
const DIALOG = (name: string | null) => [
  { role: "user", parts: [text("hi")] },
  { role: "assistant", parts: [text("I look"), call] },
  { role: "tool", parts: [result(name)] },
];

it.each([
  [
    "OpenAI's chat",
    [
      { role: "user", content: "hi" },
      {
        role: "assistant",
        content: "I look",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "look", arguments: '{"q":1}' } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: '{"a":2}' },
    ],
    DIALOG(null),
  ],
  [
    "Anthropic",
    [
      { role: "user", content: [{ type: "text", text: "hi" }] },
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look" },
          { type: "tool_use", id: "c1", name: "look", input: { q: 1 } },
        ],
      },
      { role: "tool", content: [{ type: "tool_result", tool_use_id: "c1", content: { a: 2 } }] },
    ],
    DIALOG(null),
  ],
  [
    "the AI SDK",
    [
      { role: "user", content: [{ type: "text", text: "hi" }] },
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look" },
          { type: "tool-call", toolCallId: "c1", toolName: "look", input: { q: 1 } },
        ],
      },
      {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: "c1", toolName: "look", output: { a: 2 } }],
      },
    ],
    DIALOG("look"),
  ],
  [
    "the GenAI conventions, as JSON text",
    JSON.stringify([
      { role: "user", parts: [{ type: "text", content: "hi" }] },
      {
        role: "assistant",
        parts: [
          { type: "text", content: "I look" },
          { type: "tool_call", id: "c1", name: "look", arguments: { q: 1 } },
        ],
      },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", result: { a: 2 } }] },
    ]),
    DIALOG(null),
  ],
  [
    "OpenInference",
    [
      { message: { role: "user", content: "hi" } },
      {
        message: {
          role: "assistant",
          contents: [{ message_content: { type: "text", text: "I look" } }],
          tool_calls: [
            { tool_call: { id: "c1", function: { name: "look", arguments: '{"q":1}' } } },
          ],
        },
      },
      { message: { role: "tool", tool_call_id: "c1", content: '{"a":2}' } },
    ],
    DIALOG(null),
  ],
])("%s is read as turns", (_, said, turns) => {
  expect(readTurns(said, "user")).toEqual(turns);
});

it("Gemini's parts and candidates, OpenAI's choices and responses are read", () => {
  const gemini = {
    role: "model",
    parts: [{ text: "hi" }, { functionCall: { name: "look", args: {} } }],
  };
  const parts = [text("hi"), { kind: "tool_call", name: "look", id: null, input: {} }];
  expect(readTurns({ candidates: [{ content: gemini }] }, "assistant")).toEqual([
    { role: "model", parts },
  ]);
  const choices = { choices: [{ message: { role: "assistant", content: "hi" } }] };
  expect(readTurns(choices, "assistant")).toEqual([{ role: "assistant", parts: [text("hi")] }]);
  const responses = [
    { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] },
    { type: "function_call", name: "look", call_id: "c1", arguments: '{"q":1}' },
    { type: "function_call_output", call_id: "c1", output: '{"a":2}' },
  ];
  expect(readTurns(responses, "user").map(({ role }) => role)).toEqual([
    "user",
    "assistant",
    "tool",
  ]);
});

it("an image is told and never an address to load; plain text and unknown shapes stay", () => {
  const image = { type: "image_url", image_url: { url: "(not kept: image/png, 3000 bytes)" } };
  expect(readTurns([{ role: "user", content: [image] }], "user")).toEqual([
    { role: "user", parts: [{ kind: "media", what: "image", note: "image/png, 3000 bytes" }] },
  ]);
  expect(readTurns("hi", "assistant")).toEqual([{ role: "assistant", parts: [text("hi")] }]);
  expect(readTurns({ a: 1 }, "user")).toEqual([
    { role: "user", parts: [{ kind: "json", value: { a: 1 } }] },
  ]);
});

it("whatever JSON was said, it is read without a failure", () => {
  const key = fc.constantFrom(
    "role",
    "content",
    "parts",
    "type",
    "message",
    "tool_calls",
    "function",
    "x",
  );
  const json = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue(),
      fc.constantFrom("user", "text", "tool_use"),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(key, tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(json, (said) => {
      for (const { role, parts } of readTurns(said, "user")) {
        expect(typeof role).toBe("string");
        expect(Array.isArray(parts)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it("what cannot be seen is seen, and no visible letter is lost", () => {
  expect(splitHidden("a\u202eb\u200b\r\nc")).toEqual([
    { text: "a", isHidden: false },
    { text: "U+202E", isHidden: true },
    { text: "b", isHidden: false },
    { text: "U+200B", isHidden: true },
    { text: "\nc", isHidden: false },
  ]);
});
