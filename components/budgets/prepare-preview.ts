import { type BudgetDraft, hasValues, limitsOf, targetOf } from "@/components/budgets/budget-draft";
import { describeTarget, joinWords, listLimits } from "@/components/budgets/budget-words";
import type { BudgetMode, BudgetWindow } from "@/lib/budgets/budget";
import { calendarPeriodOf } from "@/lib/budgets/budget-period";

/** What the budget will do, in a sentence or two. Null until there is a limit. */
export function preparePreview(draft: BudgetDraft, nowMs: number): string | null {
  const limits = listLimits(limitsOf(draft));
  if (limits.length === 0) return null;
  const target = targetOf(draft);
  const isEach = target.value === "*";
  const whose = describeTarget(target);
  const isNamed = hasValues(target.scope) ? target.value !== null : target.scope !== "request";
  const calls = isNamed ? `calls of ${whose}` : whose;
  const limit = joinWords(limits, "or");
  const sentence =
    draft.window === "request"
      ? perCall(draft, calls, limit)
      : overTime(draft, calls, limit, nowMs);
  return isEach ? `${sentence} ${capital(whose)} has a limit of its own.` : sentence;
}

function perCall({ mode, ...draft }: BudgetDraft, calls: string, limit: string): string {
  if (mode === "observe")
    return `Counts and tells of ${calls} that come to more than ${limit}, and stops none.`;
  const most = mode === "strict" ? "could come to" : "would probably come to";
  return `${verbOf(draft)} ${calls} that ${most} more than ${limit}.`;
}

function overTime(draft: BudgetDraft, calls: string, limit: string, nowMs: number): string {
  const { period, end } = describePeriod(draft, nowMs);
  const anew = end === null ? "" : `, and starts anew on ${end}`;
  if (draft.mode === "observe") {
    return `Counts ${calls} and tells once ${limit} ${period} is spent; it stops none${anew}.`;
  }
  return `${verbOf(draft)} ${calls} once ${limit} ${period} is ${GONE[draft.mode]}${anew}.`;
}

const GONE: Readonly<Record<Exclude<BudgetMode, "observe">, string>> = {
  enforce: "spent or held",
  strict: "spent, or held for the worst case",
};

function verbOf({
  action,
  throttlePerMinute,
  rerouteTo,
}: Pick<BudgetDraft, "action" | "throttlePerMinute" | "rerouteTo">): string {
  if (action === "throttle")
    return `Lets only ${throttlePerMinute.trim() || "a few"} a minute through of`;
  if (action === "reroute") return `Moves to ${rerouteTo.trim() || "a cheaper model"}`;
  return "Blocks";
}

const OPEN_WINDOWS: Partial<Record<BudgetWindow, string>> = {
  session: "of one session",
  trace: "of one trace",
};

/** `of November`, and when it starts anew, `December 1`. */
function describePeriod(draft: BudgetDraft, nowMs: number): { period: string; end: string | null } {
  const { window, timeZone, weekStart } = draft;
  const monthDay = Number(draft.monthDay) || 1;
  const calendar = calendarPeriodOf({ window, timeZone, weekStart, monthDay }, nowMs);
  if (!calendar) return { period: OPEN_WINDOWS[window] ?? "", end: null };
  const say = (ms: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-US", { timeZone, ...options }).format(ms);
  const date = { month: "long", day: "numeric" } as const;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const { startMs, endMs } = calendar;
  if (window === "hour")
    return {
      period: `of the hour from ${say(startMs, clock)}`,
      end: `the hour, at ${say(endMs, clock)}`,
    };
  if (window === "day") return { period: `of ${say(startMs, date)}`, end: say(endMs, date) };
  const isWholeMonth = window === "month" && monthDay === 1;
  const period = isWholeMonth
    ? `of ${say(startMs, { month: "long" })}`
    : `of the ${window} from ${say(startMs, date)}`;
  return { period, end: say(endMs, date) };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
