import fs from "node:fs";
import { checkAnswer } from "./check-answer";
import type { NamedData } from "./named-data";
import { clockOf, type NamedQuestion, QUESTIONS } from "./questions";
import { residentMib, type ServerProcess } from "./server-process";
import { startFilledServer } from "./start-filled-server";
import { median, percentile } from "./statistics";

/** Connections that ask all questions at once, and how often each of them asks each. */
const OVERLOAD_CONNECTIONS = 16;
const OVERLOAD_ROUNDS = 2;

/** How long a question took, the whole HTTP request. */
export interface QuestionFigures {
  question: NamedQuestion;
  p50Ms: number;
  p95Ms: number;
}

/** What a request costs that asks the calls store nothing: signing in, the route, the answer. */
const EMPTY_REQUEST = "/api/me";

/** Everything measured at one size of the named data. Memory is the server's highest resident, MiB. */
export interface ScaleFigures {
  calls: number;
  fillSeconds: number;
  /** The background rebuild of all rollups, until the server is quiet. */
  rebuildSeconds: number;
  rebuildPeakMib: number;
  emptyP50Ms: number;
  questions: QuestionFigures[];
  questionsPeakMib: number;
  overload: { asked: number; refused: number; p95Ms: number; peakMib: number };
}

/** Fills a server with the data, lets it rebuild its rollups, asks each question `runs` times after 3 warm-ups. */
export async function measureQuestions(calls: number, runs: number): Promise<ScaleFigures> {
  const { server, data, fillSeconds, rebuildSeconds } = await startFilledServer(calls);
  const rebuildPeakMib = residentMib(server.pid).peak;
  const empty = await timesOf(runs, () => ask(server, EMPTY_REQUEST));
  const questions: QuestionFigures[] = [];
  for (const question of QUESTIONS) questions.push(await measure(server, data, question, runs));
  const questionsPeakMib = residentMib(server.pid).peak;
  const overload = await overloadServer(server, data);
  await server.stop();
  fs.rmSync(server.dataDir, { recursive: true, force: true });
  const { peakMib, ...asked } = overload;
  return {
    calls,
    fillSeconds,
    rebuildSeconds,
    rebuildPeakMib,
    emptyP50Ms: median(empty),
    questions,
    questionsPeakMib,
    overload: { ...asked, peakMib },
  };
}

const pathOf = (question: NamedQuestion, data: NamedData): string =>
  `${question.path(clockOf(data))}&project=default`;

async function measure(
  server: ServerProcess,
  data: NamedData,
  question: NamedQuestion,
  runs: number,
): Promise<QuestionFigures> {
  const path = pathOf(question, data);
  checkAnswer(question, data, (await ask(server, path)) as object);
  const times = await timesOf(runs, () => ask(server, path));
  return { question, p50Ms: median(times), p95Ms: percentile(times, 0.95) };
}

/** Milliseconds of each run, after 2 that are not counted. */
async function timesOf(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let run = -2; run < runs; run += 1) {
    const begunMs = performance.now();
    await work();
    if (run >= 0) times.push(performance.now() - begunMs);
  }
  return times;
}

/** All questions at once, far more than there are readers: each must be answered, or refused with a reason. */
async function overloadServer(server: ServerProcess, data: NamedData) {
  const paths = Array.from({ length: OVERLOAD_CONNECTIONS * OVERLOAD_ROUNDS }, (_, round) =>
    QUESTIONS.map((_, index) => QUESTIONS[(index + round) % QUESTIONS.length]),
  )
    .flat()
    .flatMap((question) => (question ? [pathOf(question, data)] : []));
  const times: number[] = [];
  let next = 0;
  let refused = 0;
  const work = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const begunMs = performance.now();
      const response = await request(server, path);
      await response.arrayBuffer();
      if (response.status === 503) refused += 1;
      else if (!response.ok) throw new Error(`${path} answered ${response.status} under overload`);
      times.push(performance.now() - begunMs);
    }
  };
  await Promise.all(Array.from({ length: OVERLOAD_CONNECTIONS }, work));
  const { peak } = residentMib(server.pid);
  return { asked: paths.length, refused, p95Ms: percentile(times, 0.95), peakMib: peak };
}

function request({ url, key }: ServerProcess, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
}

async function ask(server: ServerProcess, path: string): Promise<unknown> {
  const response = await request(server, path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}
