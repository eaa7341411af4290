import { ApiError, requestJson, sendRequest } from "@/lib/api-client";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { DEMO_BUDGETS } from "@/lib/demo/demo-budgets";
import { batchesOfMonth, DEMO_DAYS, DEMO_PROJECT } from "@/lib/demo/demo-month";
import type { ProjectAnswer } from "@/lib/projects/project-schemas";

/** How far the demo is loaded. */
export interface DemoProgress {
  events: number;
  daysDone: number;
  days: number;
}

const MAX_ATTEMPTS = 10;
const PAUSE_MS = 1_000;

/**
 * Makes the demo project and sends it a month of events, as any other client would: with a key of its own, through
 * the public API. Done again it sends what came since; nothing counts twice. The key is revoked in any case.
 * @throws ApiError where something is refused; what was sent stays, and doing it again goes on
 */
export async function loadDemo(onProgress: (progress: DemoProgress) => void): Promise<void> {
  await makeProject();
  const body = {
    name: "Demo data",
    project: DEMO_PROJECT.slug,
    scopes: ["ingest"],
    installation: false,
  };
  const made = { method: "POST", body } as const;
  const key = await requestJson<{ id: string; key: string }>("/api/keys", made);
  try {
    let sent = 0;
    for (const { events, daysDone } of batchesOfMonth(Date.now())) {
      await sendEvents(key.key, events);
      sent += events.length;
      onProgress({ events: sent, daysDone, days: DEMO_DAYS + 1 });
    }
    await makeBudgets();
  } finally {
    await sendRequest(`/api/keys/${key.id}`, { method: "DELETE" });
  }
}

/** @throws ApiError where the demo's name is a real project's: nothing made up goes into that */
async function makeProject(): Promise<void> {
  const { projects } = await requestJson<{ projects: ProjectAnswer[] }>("/api/projects");
  const found = projects.find(({ slug }) => slug === DEMO_PROJECT.slug);
  if (found?.is_demo) return;
  if (found) {
    const detail = `${found.name} is a real project with the demo's name. Nothing was sent into it.`;
    throw new ApiError(409, "The name is taken", detail);
  }
  await requestJson("/api/projects", { method: "POST", body: DEMO_PROJECT });
}

/** The company's budgets, where there are none: a person's changes of them stay. */
async function makeBudgets(): Promise<void> {
  const path = `/api/budgets?project=${DEMO_PROJECT.slug}`;
  const { budgets } = await requestJson<{ budgets: BudgetAnswer[] }>(path);
  // Those of the whole installation bind the demo too, and are no demo's.
  if (budgets.some(({ project }) => project !== null)) return;
  for (const body of DEMO_BUDGETS) await requestJson(path, { method: "POST", body });
}

/** A server that is busy says so and is asked again, as is one that does not answer: the ids stay the same. */
async function sendEvents(key: string, events: readonly object[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sendRequest("/v1/events", { method: "POST", key, body: { events } });
      return;
    } catch (error) {
      const isPassing = error instanceof ApiError && [0, 429, 503].includes(error.status);
      if (!isPassing || attempt === MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }
}
