/**
 * A small believable company for the demo: who calls which model for what, hour by hour. Deterministic: a day
 * always yields the same events with the same ids, so that posting it twice changes nothing.
 */
import { AGENTS, agentOnDay, HOURS, RUNAWAY_DAY } from "@/lib/demo/demo-company";
import { type DemoEvent, eventsOfRun, eventsOfRunaway } from "@/lib/demo/demo-run";
import { createRandom, type Random } from "@/lib/demo/seeded-random";

const HOUR_MS = 3_600_000;

/** All events of one UTC day ("2026-11-21"), in order of time. Weekends carry a quarter of the people's work. */
export function eventsOfDay(day: string): DemoEvent[] {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  const weekday = new Date(midnightMs).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  const events = AGENTS.flatMap((always) => {
    const agent = agentOnDay(always, day);
    const random = createRandom(`${day}/${agent.name}`);
    const share = isWeekend && !agent.isBatch ? 0.25 : 0.85 + random() * 0.3;
    return Array.from({ length: Math.round(agent.runsPerDay * share) }, (_, index) => {
      const hour = pickHour(random, agent.isBatch ?? false);
      const startMs = midnightMs + hour * HOUR_MS + Math.floor(random() * 0.95 * HOUR_MS);
      return eventsOfRun(agent, `demo-${day}-${agent.name}-${index}`, startMs, random).events;
    }).flat();
  });
  return [...events, ...runawayOfDay(day, midnightMs)].sort((a, b) =>
    a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0,
  );
}

/** One run that has just ended, for live traffic. */
export function eventsOfLiveRun(sequence: number, nowMs: number): DemoEvent[] {
  const people = AGENTS.filter((agent) => !agent.isBatch);
  const id = `demo-live-${nowMs}-${sequence}`;
  const agent = people[Math.floor(createRandom(id)() * people.length)];
  if (!agent) return [];
  const today = agentOnDay(agent, new Date(nowMs).toISOString().slice(0, 10));
  // How long it takes is known when it was made: the same chance again, ending now.
  const { endMs } = eventsOfRun(today, id, 0, createRandom(`${id}/run`));
  return eventsOfRun(today, id, nowMs - endMs, createRandom(`${id}/run`)).events;
}

function runawayOfDay(day: string, midnightMs: number): DemoEvent[] {
  const agent = AGENTS.find(({ name }) => name === "web-researcher");
  if (!agent || Number(day.slice(8, 10)) !== RUNAWAY_DAY) return [];
  const startMs = midnightMs + 13.2 * HOUR_MS;
  return eventsOfRunaway(agent, `demo-${day}-runaway`, startMs, createRandom(`${day}/runaway`));
}

function pickHour(random: Random, isBatch: boolean): number {
  if (isBatch) return Math.floor(random() * 6);
  let rest = random() * HOURS.reduce<number>((sum, weight) => sum + weight, 0);
  const hour = HOURS.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return hour < 0 ? 12 : hour;
}
