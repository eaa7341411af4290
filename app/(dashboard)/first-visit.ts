import type { DehydratedState } from "@tanstack/react-query";
import { headers } from "next/headers";
import { cache } from "react";
import { collectAnswers, type Keep } from "@/app/(dashboard)/collect-answers";
import { GET as getEngaged } from "@/app/api/kill-switches/engaged/route";
import { GET as getMe } from "@/app/api/me/route";
import { GET as getProjects } from "@/app/api/projects/route";
import { GET as getSpend } from "@/app/api/spend/route";
import { currentMinute } from "@/components/filters/minute";
import type { Place } from "@/components/filters/scope";
import { engagedQuery } from "@/components/layout/engaged-query";
import { freshnessQuery } from "@/components/layout/freshness-query";
import { meQuery, projectsQuery } from "@/components/layout/workspace-queries";
import type { Ask } from "@/components/spend/first-questions";
import { type SpendAnswer, spendQuery } from "@/components/spend/spend-answer";
import type { RouteHandler } from "@/lib/api-route";
import type { MeAnswer } from "@/lib/users/me-schemas";

/** So long a page waits for its figures; what is not there by then the browser asks for, as it does after every other step. */
const WAIT_MS = 200;

/**
 * A page's first questions, asked while its HTML is made: of the routes themselves, with the visitor's own cookie, so
 * that HTML holds nothing which the API would refuse. What fails is left out: the browser asks it, and says why.
 */
interface Visit {
  /** The minute of every question, in ms; the browser begins in it too. */
  nowMs: number;
  /** Asks a route, once a path. @throws Error for any answer but a success, and once nobody waits any more */
  ask: <Answer>(route: RouteHandler, path: string) => Promise<Answer>;
  /** Does `work` as long as there is time; resolves with what it kept by then, and never rejects. */
  collect(work: (keep: Keep) => Promise<unknown>): Promise<DehydratedState>;
}

/** The visit that is a page's first load; null for a step from one page to the next: the browser has what it needs. */
export const openVisit = cache(async (): Promise<Visit | null> => {
  const sent = await headers();
  const isDocument = sent.get("accept")?.includes("text/html") ?? false;
  if (!isDocument) return null;
  const cookie = sent.get("cookie") ?? "";
  const endsMs = performance.now() + WAIT_MS;
  // What still waits for the store by then goes: the browser is about to ask it again.
  const over = new AbortController();
  setTimeout(() => over.abort(), WAIT_MS).unref();
  const asked = new Map<string, Promise<unknown>>();
  const ask = async <Answer>(route: RouteHandler, path: string) => {
    if (performance.now() > endsMs) throw new Error("the page was sent without this");
    const answer = asked.get(path) ?? askRoute(route, path, cookie, over.signal);
    asked.set(path, answer);
    return (await answer) as Answer;
  };
  return { nowMs: currentMinute(), ask, collect: (work) => collectAnswers(work, endsMs) };
});

/** Who it is, which projects there are, and what is stopped: what every page asks first. */
export async function collectWorkspace(): Promise<DehydratedState | undefined> {
  const visit = await openVisit();
  return visit?.collect((keep) =>
    Promise.all([
      visit.ask(getMe, "/api/me").then((me) => keep(meQuery.queryKey, me)),
      visit.ask(getProjects, "/api/projects").then((all) => keep(projectsQuery.queryKey, all)),
      // What fails is left out of the page: a fault here must not take the rest with it.
      visit
        .ask(getEngaged, "/api/kill-switches/engaged")
        .then((stopped) => keep(engagedQuery.queryKey, stopped))
        .catch(() => undefined),
    ]),
  );
}

/** What `work` asks of `/api/spend`, and how fresh it is. @param project slug, `*` for all */
export async function collectFigures(
  project: string,
  work: (ask: Ask, place: Place) => Promise<void>,
): Promise<DehydratedState | undefined> {
  const visit = await openVisit();
  return visit?.collect(async (keep) => {
    const { time_zone: timeZone } = await visit.ask<MeAnswer>(getMe, "/api/me");
    const { queryKey } = freshnessQuery(project, timeZone);
    const ask: Ask = async (query) => {
      const answer = await visit.ask<SpendAnswer>(getSpend, `/api/spend?${query}`);
      keep(spendQuery(query).queryKey, answer);
      // Every answer says how fresh it is, whatever its range: the frame need not ask for itself.
      const { fresh_to, backlog_events, last_event_at } = answer;
      keep(queryKey, { fresh_to, backlog_events, last_event_at });
      return answer;
    };
    await work(ask, { project, timeZone, nowMs: visit.nowMs });
  });
}

/** Asks as a browser with that cookie would. A route reads the path and the query of the address; its host is nobody's. */
async function askRoute(
  route: RouteHandler,
  path: string,
  cookie: string,
  signal: AbortSignal,
): Promise<unknown> {
  const request = new Request(new URL(path, "http://page.invalid"), {
    headers: { cookie },
    signal,
  });
  const response = await route(request, { params: Promise.resolve({}) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
