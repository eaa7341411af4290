/**
 * `npm run bench`: each figure beside what it is measured against, in one run, as tables.
 *   npm run bench                     everything: questions at 1 M and 20 M calls
 *   npm run bench -- --small          a tenth of the data, for a look
 *   npm run bench -- --only=questions one part: idle, ingest, otlp, single, reservations, guard, questions or screens
 *   npm run bench -- --only=screens --calls=20000000   interactions with more data than 2 M calls
 */
import fs from "node:fs";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { measureGuard } from "./guard";
import { measureIngest } from "./ingest";
import { measureQuestions, type ScaleFigures } from "./measure-questions";
import { measureOtlp } from "./otlp";
import { measureReservations } from "./reservations";
import { residentMib, startServer } from "./server-process";
import { measureSingleEvents } from "./single-events";
import { startFilledServer } from "./start-filled-server";

const { values: options } = parseArgs({
  options: {
    small: { type: "boolean", default: false },
    only: { type: "string" },
    calls: { type: "string", default: "2000000" },
  },
});
const scale = options.small ? 0.1 : 1;
const isAsked = (part: string): boolean => options.only === undefined || options.only === part;
const number = (value: number): string => Math.round(value).toLocaleString("en-US");
const print = (rows: readonly (readonly string[])[]): void => {
  process.stdout.write(`${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n\n`);
};
const printHead = (...names: string[]) => [names, names.map(() => "---")];
const note = <Figures extends object>(figures: Figures): Figures => {
  process.stderr.write(`${JSON.stringify(figures)}\n`);
  return figures;
};

/** A second start on a filled directory, then ten quiet seconds. */
async function measureIdle(): Promise<{ readyMs: number; mib: number; firstStartMib: number }> {
  const first = await startServer();
  const firstStartMib = residentMib(first.pid).peak;
  await first.stop();
  const again = await startServer({ dataDir: first.dataDir });
  await sleep(10_000);
  const mib = residentMib(again.pid).now;
  await again.stop();
  return { readyMs: again.readyMs, mib, firstStartMib };
}

async function runIdle(): Promise<string[][]> {
  const idle = note(await measureIdle());
  return [
    ["second start until ready", `${number(idle.readyMs)} ms`, "", "under 3,000 ms"],
    ["resident memory, idle", `${number(idle.mib)} MiB`, "", "under 700 MiB"],
    ["resident memory, a first start", `${number(idle.firstStartMib)} MiB`, "", "under 1,536 MiB"],
  ];
}

async function runIngest(): Promise<string[][]> {
  const ingest = note(await measureIngest(200_000 * scale, 3));
  return [
    [
      `ingest over HTTP, batches of 1,000, ${number(ingest.events)} events, until queryable`,
      `${number(ingest.eventsPerSecond)} events/s`,
      `**${ingest.ratio.toFixed(2)}** of the engine's own insert (${number(ingest.engineRowsPerSecond)} rows/s); pairs ${list(ingest.ratios)}`,
      "at least 0.6",
    ],
    ["resident memory, ingest", `${number(ingest.peakMib)} MiB`, "", "under 1,536 MiB"],
  ];
}

async function runOtlp(): Promise<string[][]> {
  const calls = 100_000 * scale;
  const { events, ways } = note(await measureOtlp(calls, 3));
  return ways.map(({ name, spansPerSecond, ratio, ratios, peakMib }) => [
    `OTLP, ${name}, batches of 1,000, ${number(calls)} spans, until queryable`,
    `${number(spansPerSecond)} spans/s; memory ${number(peakMib)} MiB`,
    `**${ratio.toFixed(2)}** of JSON events of the same calls (${number(events)}/s); pairs ${list(ratios)}`,
    "",
  ]);
}

async function runSingle(): Promise<string[][]> {
  const single = note(await measureSingleEvents(20_000 * scale));
  return [
    [
      `one event a request, 16 connections, ${number(single.requests)} requests`,
      `${number(single.requestsPerSecond)} requests/s; p50 ${single.p50Ms.toFixed(1)} ms, p99 ${single.p99Ms.toFixed(1)} ms`,
      `**${single.ratio.toFixed(2)}** of plain node:http (${number(single.bareRequestsPerSecond)}/s); pairs ${list(single.ratios)}`,
      "at least 8,000/s",
    ],
    ["resident memory, single events", `${number(single.peakMib)} MiB`, "", "under 1,536 MiB"],
  ];
}

async function runGuard(): Promise<string[][]> {
  const guard = note(await measureGuard());
  const stops = guard.stops.map(({ p50Ms, p99Ms }) => `${number(p50Ms)}, ${number(p99Ms)}`);
  const size = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  return [
    [
      "the guard's own time of a call let through from memory: model, tool",
      `${guard.llmMicroseconds.toFixed(1)}, ${guard.toolMicroseconds.toFixed(1)} µs`,
      "",
      "under 20 µs",
    ],
    [
      "the packed SDK, gzipped: Node, edge",
      `${size(guard.nodeBytes)}, ${size(guard.edgeBytes)}`,
      "",
      "under 15 kB",
    ],
    [
      `a switch until ${guard.instances} busy instances have confirmed: p50, p99 of each round`,
      `${stops.join("; ")} ms`,
      "",
      "p99 under 1,000 ms",
    ],
  ];
}

async function tellReservations(): Promise<void> {
  const figures = note(await measureReservations(20_000 * scale));
  print([
    ...printHead(
      `reservations, 3 strict budgets each (load ${os.loadavg()[1]?.toFixed(1)})`,
      "a second",
      "p50, p99",
      "the client's own cores",
      "5,000/s, p99 under 50 ms",
    ),
    ...figures.flatMap(({ store, runs }) =>
      runs.map(({ clients, requestsPerSecond, p50Ms, p99Ms, clientCores }) => [
        `${store}, ${number(clients)} clients`,
        number(requestsPerSecond),
        `${p50Ms.toFixed(1)}, ${p99Ms.toFixed(1)} ms`,
        clientCores.toFixed(2),
        clients === 1 ? "" : requestsPerSecond >= 5_000 && p99Ms < 50 ? "kept" : "**missed**",
      ]),
    ),
  ]);
  print(
    figures.map(({ store, peakMib }) => [`resident memory, ${store}`, `${number(peakMib)} MiB`]),
  );
}

const list = (ratios: readonly number[]): string =>
  ratios.map((ratio) => ratio.toFixed(2)).join(", ");

function tellQuestions(small: ScaleFigures, large: ScaleFigures): void {
  const ms = (value: number | undefined): string => `${number(value ?? Number.NaN)}`;
  print([
    ...printHead(
      "question",
      "screen",
      `p50, p95 at ${number(small.calls)}`,
      `p50, p95 at ${number(large.calls)}`,
      "p50 ratio",
      "p95 under 100 ms",
    ),
    ...large.questions.map(({ question, p50Ms, p95Ms }, index) => {
      const few = small.questions[index];
      return [
        question.name,
        question.screen,
        `${ms(few?.p50Ms)}, ${ms(few?.p95Ms)} ms`,
        `${ms(p50Ms)}, ${ms(p95Ms)} ms`,
        (p50Ms / (few?.p50Ms ?? Number.NaN)).toFixed(2),
        p95Ms < 100 ? "yes" : "**missed**",
      ];
    }),
  ]);
  print([
    ...printHead("", ...[small, large].map(({ calls }) => `${number(calls)} calls`)),
    ...(
      [
        ["fill", (at) => `${number(at.fillSeconds)} s`],
        ["rebuild of all rollups", (at) => `${number(at.rebuildSeconds)} s`],
        ["a request that asks nothing, p50", (at) => `${number(at.emptyP50Ms)} ms`],
        ["memory, highest at the rebuild", (at) => `${number(at.rebuildPeakMib)} MiB`],
        ["memory, and the questions", (at) => `${number(at.questionsPeakMib)} MiB`],
        [
          "all questions at once, 16 connections",
          ({ overload }) =>
            `${overload.asked} asked, ${overload.refused} refused, p95 ${number(overload.p95Ms)} ms`,
        ],
        ["memory, and that overload", (at) => `${number(at.overload.peakMib)} MiB`],
      ] satisfies [string, (at: ScaleFigures) => string][]
    ).map(([what, tell]) => [what, tell(small), tell(large)]),
  ]);
}

// Loaded only where it is asked for: the other parts run without a browser and its tools.
async function tellLighthouse(): Promise<void> {
  const { measureLighthouse } = await import("./measure-lighthouse");
  const figures = note(await measureLighthouse(3));
  print([
    ...printHead(
      "Lighthouse",
      "performance",
      "accessibility",
      "best practices",
      "FCP, LCP",
      "TBT",
      "CLS",
      "machine",
      "both at least 95",
    ),
    ...figures.map(({ screen, preset, scores, fcpMs, lcpMs, tbtMs, cls, benchmarkIndex }) => [
      `${screen}, ${preset}`,
      number(scores.performance),
      number(scores.accessibility),
      number(scores["best-practices"]),
      `${number(fcpMs)}, ${number(lcpMs)} ms`,
      `${number(tbtMs)} ms`,
      cls.toFixed(3),
      number(benchmarkIndex),
      scores.performance >= 95 && scores.accessibility >= 95 ? "yes" : "**missed**",
    ]),
  ]);
}

async function tellInteractions(calls: number): Promise<void> {
  const { ADMIN_ENV } = await import("./browse");
  const { measureInteractions } = await import("./measure-interactions");
  const { server } = await startFilledServer(calls, ADMIN_ENV);
  const figures = note(
    await measureInteractions(server, 5).finally(async () => {
      await server.stop();
      fs.rmSync(server.dataDir, { recursive: true, force: true });
    }),
  );
  const load = os.loadavg()[1]?.toFixed(1);
  print([
    ...printHead(
      `interaction with ${number(calls)} calls (load ${load})`,
      "until the next frame (INP): median, highest",
      "until drawn, median",
      "INP under 100 ms",
    ),
    ...figures.map(({ interaction: { screen, name }, inpMs, drawnMs }) => [
      `${screen}: ${name}`,
      inpMs === null ? "" : `${number(inpMs.median)}, ${number(inpMs.highest)} ms`,
      `${number(drawnMs)} ms`,
      inpMs === null ? "" : inpMs.median < 100 ? "yes" : "**missed**",
    ]),
  ]);
}

process.stdout.write(
  `${os.cpus().length} x ${os.cpus()[0]?.model ?? "unknown"}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n\n`,
);
const begunMs = performance.now();
const rows: string[][] = [];
if (isAsked("idle")) rows.push(...(await runIdle()));
if (isAsked("ingest")) rows.push(...(await runIngest()));
if (isAsked("otlp")) rows.push(...(await runOtlp()));
if (isAsked("single")) rows.push(...(await runSingle()));
if (isAsked("guard")) rows.push(...(await runGuard()));
if (rows.length > 0) print([...printHead("what", "measured", "against", "aim"), ...rows]);
if (isAsked("reservations")) await tellReservations();
if (isAsked("questions")) {
  const small = note(await measureQuestions(1_000_000 * scale, 30));
  const large = note(await measureQuestions(20_000_000 * scale, 30));
  tellQuestions(small, large);
}
if (isAsked("screens")) {
  await tellLighthouse();
  await tellInteractions(Number(options.calls) * scale);
}
process.stdout.write(`${number((performance.now() - begunMs) / 60_000)} minutes in all\n`);
