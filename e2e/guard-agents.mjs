/**
 * Agents for the proof of the guard, in a process of their own as customers have them: plain Node and the packed SDK. They
 * call a model and a tool without a pause, each has one answer streaming, and each tells itself of what it did.
 *
 *   node guard-agents.mjs '{"sdk": …, "urls": […], "key": …, "count": 100, "push": true, "name": "a"}'
 *
 * `report` on its input is answered by a line of JSON, `close` by the last one.
 */
import { createInterface } from "node:readline";

const options = JSON.parse(process.argv[2] ?? "{}");
const { createOutlay, AgentHaltedError } = await import(options.sdk);

const MODEL = "gpt-5-2025-08-07";
const CALL_MS = 3_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class TestAgent {
  calls = 0;
  tools = 0;
  streams = 0;
  refused = 0;
  cutStreams = 0;
  openStreams = 0;
  /** Calls that began though the switch was known: the proof's first number. */
  lateStarts = 0;
  errors = [];
  isOver = false;

  constructor(index) {
    const url = options.urls[index % options.urls.length];
    this.outlay = createOutlay({
      url,
      apiKey: options.key,
      agent: options.agent,
      push: options.push,
      instanceId: `${options.name}-${index}`,
      flushAtExit: false,
    });
  }

  /** Whether this instance knows that it is stopped. */
  isStopped() {
    return this.outlay.status().agents.some(({ state }) => state === "halted");
  }

  async work() {
    while (!this.isOver) {
      await this.attempt(() => this.callModel());
      await this.attempt(() => this.callTool());
    }
  }

  async stream() {
    while (!this.isOver) await this.attempt(() => this.readStream());
  }

  /** A refused agent asks again a little later, as a supervisor that starts it anew would. */
  async attempt(work) {
    try {
      await work();
    } catch (error) {
      if (error instanceof AgentHaltedError) this.refused += 1;
      else this.errors.push(String(error?.stack ?? error));
      await sleep(500);
    }
  }

  noteStart() {
    if (this.isStopped()) this.lateStarts += 1;
  }

  async callModel() {
    await this.outlay.guard.llm(
      async () => {
        this.noteStart();
        this.calls += 1;
        await sleep(CALL_MS);
        return {
          object: "chat.completion",
          id: `r-${this.calls}`,
          model: MODEL,
          choices: [],
          usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
        };
      },
      { provider: "openai", model: MODEL },
    );
  }

  async callTool() {
    await this.outlay.guard.tool("look-up", async () => {
      this.noteStart();
      this.tools += 1;
      await sleep(CALL_MS);
    });
  }

  /** An answer that comes for as long as nobody stops it. */
  async readStream() {
    const stream = await this.outlay.guard.llm(
      ({ signal }) => {
        this.noteStart();
        this.streams += 1;
        return chunks(signal, () => this.isOver);
      },
      { provider: "openai", model: MODEL },
    );
    this.openStreams += 1;
    try {
      for await (const _ of stream) if (this.isOver) break;
    } catch (error) {
      if (error instanceof AgentHaltedError) this.cutStreams += 1;
      throw error;
    } finally {
      this.openStreams -= 1;
    }
  }

  report() {
    const { calls, tools, streams, refused, cutStreams, openStreams, lateStarts } = this;
    return { calls, tools, streams, refused, cutStreams, openStreams, lateStarts };
  }
}

/** As a provider sends them; it stops when the connection is cut, as a provider does. */
async function* chunks(signal, isOver) {
  while (!signal.aborted && !isOver()) {
    yield {
      object: "chat.completion.chunk",
      id: "s",
      model: MODEL,
      choices: [{ index: 0, delta: { content: "word " }, finish_reason: null }],
    };
    await sleep(1_000);
  }
}

const agents = Array.from({ length: options.count }, (_, index) => new TestAgent(index));
const running = agents.flatMap((agent) => [agent.work(), agent.stream()]);

function sum() {
  const total = {
    errors: agents.flatMap(({ errors }) => errors).slice(0, 5),
    live: 0,
    events: 0,
    dropped: 0,
  };
  for (const agent of agents) {
    for (const [name, value] of Object.entries(agent.report())) {
      total[name] = (total[name] ?? 0) + value;
    }
    const { events, policy } = agent.outlay.status();
    total.live += policy.state === "live" ? 1 : 0;
    total.events += events.accepted;
    total.dropped += events.dropped;
  }
  return total;
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "report") say(sum());
  if (line === "close") {
    for (const agent of agents) agent.isOver = true;
    await Promise.all(running);
    await Promise.all(agents.map(({ outlay }) => outlay.close()));
    say(sum());
    break;
  }
}
// The process ends by itself: the SDK leaves nothing behind that would keep it.
process.stdin.destroy();
