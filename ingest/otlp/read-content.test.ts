import { expect, test } from "vitest";
import { readSpan } from "@/ingest/otlp/read-span";
import { makeSpan } from "@/ingest/otlp/testing/make-span";

test("messages that stand in numbered attributes are a list, in their order", () => {
  const attributes = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "gpt-4o",
    "llm.input_messages.0.message.role": "system",
    "llm.input_messages.0.message.content": "Be terse.",
    "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.contents.0.message_content.text": "Hello",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.content": "Hi",
  };
  const { content } = readSpan(makeSpan({ attributes }), []);
  expect(content?.messages).toEqual([
    { message: { role: "system", content: "Be terse." } },
    { message: { role: "user", contents: [{ message_content: { text: "Hello" } }] } },
  ]);
  expect(content?.completion).toEqual([{ message: { role: "assistant", content: "Hi" } }]);
});
