/**
 * `npm run bench`: each figure beside what it is measured against, in one run, as a table.
 *   npm run bench                     everything (about 8 minutes on 2 cores)
 *   npm run bench -- --small          a tenth of the data, for a look
 */
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { measureIngest } from "./ingest";
import { residentMib, startServer } from "./server-process";
import { measureSpendQuestion } from "./spend-question";

const { values: options } = parseArgs({ options: { small: { type: "boolean", default: false } } });
const scale = options.small ? 0.1 : 1;
const number = (value: number): string => Math.round(value).toLocaleString("en-US");

/** A second start on a filled directory, then ten quiet seconds. */
async function measureIdle(): Promise<{ readyMs: number; mib: number }> {
  const first = await startServer();
  await first.stop();
  const again = await startServer({ dataDir: first.dataDir });
  await sleep(10_000);
  const mib = residentMib(again.pid).now;
  await again.stop();
  return { readyMs: again.readyMs, mib };
}

const cpu = os.cpus()[0]?.model ?? "unknown";
process.stdout.write(
  `${os.cpus().length} x ${cpu}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n\n`,
);
const note = (figures: object): void => {
  process.stderr.write(`${JSON.stringify(figures)}\n`);
};
const idle = await measureIdle();
note(idle);
const ingest = await measureIngest(200_000 * scale, 3);
note(ingest);
const question = await measureSpendQuestion(10_000_000 * scale, 50);
note(question);
const rows = [
  ["what", "measured", "against", "aim"],
  ["---", "---", "---", "---"],
  [
    `ingest over HTTP, batches of 1,000, ${number(ingest.events)} events, until queryable`,
    `${number(ingest.eventsPerSecond)} events/s`,
    `${ingest.ratio.toFixed(2)} of the engine's own insert (${number(ingest.engineRowsPerSecond)} rows/s); pairs ${ingest.ratios.map((r) => r.toFixed(2)).join(", ")}`,
    "at least 0.6",
  ],
  ...[
    { what: "cost and calls", figures: question.cost },
    { what: "all figures", figures: question.all },
  ].map(({ what, figures }) => [
    `30 days by feature, ${number(figures.calls)} calls, ${what}, whole request`,
    `p50 ${number(figures.p50Ms)} ms, p95 ${number(figures.p95Ms)} ms`,
    "",
    "p95 under 100 ms",
  ]),
  ["second start until ready", `${number(idle.readyMs)} ms`, "", "under 3,000 ms"],
  ["resident memory, idle", `${number(idle.mib)} MiB`, "", "under 700 MiB"],
  ["resident memory, highest of a first start", `${number(ingest.firstStartMib)} MiB`, "", ""],
  [
    "resident memory, highest under load",
    `${number(ingest.peakMib)} MiB (ingest), ${number(question.all.peakMib)} MiB (question and rebuild)`,
    "",
    "under 1,229 MiB",
  ],
];
process.stdout.write(`${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`);
