// What an agent does with the OpenAI SDK: an answer, a stream, a call of a tool, and a retry after a 429.
const MODEL = "gpt-4o-mini";
const TOOL = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: {} } },
};

/** @param {{ OpenAI: typeof import("openai").OpenAI }} library `openai`, after what watches it. */
export async function askOpenAi({ OpenAI }) {
  const openai = new OpenAI({ apiKey: "none" });
  const ask = (content, options = {}) =>
    openai.chat.completions.create({
      model: MODEL,
      messages: [{ role: "user", content }],
      ...options,
    });

  await ask("How is the weather?");
  await ask("And again, after a 429?");

  const stream = await ask("Word by word?", {
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const _ of stream);

  const first = await ask("In Oslo?", { tools: [TOOL] });
  const { message } = first.choices[0];
  const [call] = message.tool_calls;
  await openai.chat.completions.create({
    model: MODEL,
    tools: [TOOL],
    messages: [
      { role: "user", content: "In Oslo?" },
      message,
      { role: "tool", tool_call_id: call.id, content: "sunny" },
    ],
  });
}
