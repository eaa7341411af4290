/**
 * What the guard itself takes of a call that it lets through from memory: the packed SDK in plain Node, before a real
 * server. Prints microseconds a call as JSON.
 *
 *   node guard-cost.mjs '{"sdk": …, "url": …, "key": …}'
 */
const { sdk, url, key } = JSON.parse(process.argv[2] ?? "{}");
const { createOutlay } = await import(sdk);

const BATCH = 500;
const BATCHES = 40;
const MODEL = "gpt-5-2025-08-07";
const response = {
  object: "chat.completion",
  id: "r",
  model: MODEL,
  choices: [],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};

const outlay = createOutlay({ url, apiKey: key, agent: "bench", flushAtExit: false });
const tags = { provider: "openai", model: MODEL };
const answer = async () => response;
const ways = {
  bare: answer,
  llm: () => outlay.guard.llm(answer, tags),
  tool: () => outlay.guard.tool("look-up", answer),
};
while (outlay.status().policy.state !== "live") await new Promise((done) => setTimeout(done, 20));

const taken = { bare: [], llm: [], tool: [] };
for (let batch = 0; batch < BATCHES; batch += 1) {
  for (const [name, call] of Object.entries(ways)) {
    const begun = performance.now();
    for (let n = 0; n < BATCH; n += 1) await call();
    taken[name].push(((performance.now() - begun) * 1000) / BATCH);
    // What is sent in the background is no part of the call.
    await outlay.flush(30_000);
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
// The first quarter warms up.
const figures = Object.fromEntries(
  Object.entries(taken).map(([name, values]) => [name, median(values.slice(BATCHES / 4))]),
);
await outlay.close();
process.stdout.write(`${JSON.stringify(figures)}\n`);
