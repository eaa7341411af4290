import { DEMO_PROJECT } from "@/lib/demo/demo-month";

/**
 * Budgets that the demo's company keeps, as `POST /api/budgets` takes them: one for finance, one for each agent, one for
 * a team, and one that stops a session after two dollars. The month was before they were made; the live agents of
 * `npm run demo` obey them.
 */
export const DEMO_BUDGETS = [
  {
    name: "Company, a month",
    owner: "Finance",
    scope: "project",
    value: DEMO_PROJECT.slug,
    window: "month",
    limit_usd: "1200",
    mode: "enforce",
    action: "block",
    thresholds: [
      { percent: 70, notify: [] },
      { percent: 100, notify: [] },
    ],
  },
  {
    name: "Each agent, a day",
    owner: "Platform",
    scope: "agent",
    value: "*",
    window: "day",
    limit_usd: "15",
    mode: "enforce",
    action: "block",
  },
  {
    name: "Research, a month",
    owner: "Research lead",
    scope: "feature",
    value: "research",
    window: "month",
    limit_usd: "250",
    mode: "strict",
    action: "block",
  },
  {
    name: "Each session",
    owner: "Platform",
    scope: "session",
    value: "*",
    window: "session",
    limit_usd: "2",
    mode: "enforce",
    action: "block",
  },
] as const;
