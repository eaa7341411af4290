import { joinWords } from "@/components/budgets/budget-words";
import type { Audience } from "@/lib/alerts/alert";
import type { BudgetMode, StageAction, Threshold } from "@/lib/budgets/budget";
import { defaultAudienceOf, ESCALATION_TEMPLATE } from "@/lib/budgets/stages";

/** A stage of a budget as it is typed. */
export interface StageDraft {
  percent: string;
  audience: readonly Audience[];
  /** Ids of channels; none: all of its audience. */
  notify: readonly string[];
  action: StageAction | "none";
}

/** A threshold as it is answered, and as it is sent. */
type Stage = Pick<Threshold, "percent" | "notify"> & {
  audience?: Audience[] | undefined;
  action?: StageAction | undefined;
};

/** Stages as they would be typed: one that names nobody shows whom it tells by its percentage. */
export function stageDraftsOf(stages: readonly Stage[]): StageDraft[] {
  return stages.map(({ percent, audience, notify, action }) => ({
    percent: String(percent),
    audience: audience ?? defaultAudienceOf(percent),
    notify,
    action: action ?? "none",
  }));
}

/** The stages that are offered: the lead early, at the limit who pays and who builds, past it everybody and a lockout. */
export function templateDrafts(mode: BudgetMode): StageDraft[] {
  const drafts = stageDraftsOf(ESCALATION_TEMPLATE);
  // What only observes never refuses.
  return mode === "observe" ? drafts.map((one) => ({ ...one, action: "none" })) : drafts;
}

/** What a new stage begins with: a step above the highest. */
export function nextStageDraft(drafts: readonly StageDraft[]): StageDraft {
  const highest = Math.max(0, ...drafts.map(({ percent }) => readPercent(percent) ?? 0));
  const percent = highest < 50 ? 50 : highest < 100 ? 100 : highest + 20;
  return {
    percent: String(percent),
    audience: defaultAudienceOf(percent),
    notify: [],
    action: "none",
  };
}

/** What is wrong with a stage; null: nothing. */
export function stageFault(
  draft: StageDraft,
  drafts: readonly StageDraft[],
  mode: BudgetMode,
): string | null {
  const percent = readPercent(draft.percent);
  if (percent === null) return "A percentage of the limit, above 0 and at most 10,000.";
  const twins = drafts.filter((one) => readPercent(one.percent) === percent);
  if (twins.length > 1) return "It is there twice.";
  if (draft.audience.length === 0 && draft.notify.length === 0) return "It has to tell somebody.";
  if (draft.action === "lockout" && mode === "observe")
    return "A budget that observes never locks.";
  return null;
}

/** The stages typed, ascending, as the server takes them; null where one is wrong. */
export function readStages(drafts: readonly StageDraft[], mode: BudgetMode): Stage[] | null {
  if (drafts.some((one) => stageFault(one, drafts, mode) !== null)) return null;
  return drafts.map(toStage).sort((one, two) => one.percent - two.percent);
}

function toStage({ percent: typed, audience, notify, action }: StageDraft): Stage {
  const percent = readPercent(typed) ?? 0;
  // Whom it tells by its percentage needs no word: it is told so too if the rule of all changes.
  const isUsual = audience.join() === defaultAudienceOf(percent).join();
  return {
    percent,
    notify: [...notify],
    ...(isUsual || audience.length === 0 ? {} : { audience: [...audience] }),
    ...(action === "none" ? {} : { action }),
  };
}

const AUDIENCE_WORDS: Readonly<Record<Audience, string>> = {
  lead: "the lead",
  finance: "finance",
  engineering: "engineering",
};

const DOES: Readonly<Record<StageAction, string>> = {
  block: "refuses calls",
  throttle: "slows calls down",
  reroute: "moves calls to a cheaper model",
  lockout: "locks it",
};

/** Whom a stage tells: `finance and engineering`, `everybody`, `2 channels`. */
export function sayWhom({ audience, notify }: Pick<StageDraft, "audience" | "notify">): string {
  if (notify.length > 0) return notify.length === 1 ? "1 channel" : `${notify.length} channels`;
  if (audience.length === Object.keys(AUDIENCE_WORDS).length) return "everybody";
  return joinWords(audience.map((one) => AUDIENCE_WORDS[one]));
}

/** `70 % tells the lead; 120 % tells everybody and locks it`. */
export function sayStages(drafts: readonly StageDraft[]): string {
  if (drafts.length === 0) return "no stage";
  return drafts
    .map(({ percent, action, ...whom }) => {
      const does = action === "none" ? "" : ` and ${DOES[action]}`;
      return `${percent.trim()} % tells ${sayWhom(whom)}${does}`;
    })
    .join("; ");
}

/**
 * What the stages mean for calls at the limit itself: where a stage acts, the limit alone does not. Null: it needs no word.
 */
export function sayFirstAction(drafts: readonly StageDraft[], mode: BudgetMode): string | null {
  if (mode !== "enforce") return null;
  const acting = drafts
    .filter(({ action }) => action !== "none")
    .map(({ percent }) => readPercent(percent) ?? 0);
  const first = Math.min(...acting);
  if (acting.length === 0 || first <= 100) return null;
  return `Calls go on past the limit, up to ${first} %: no stage acts before. For an end at the limit let the stage at 100 % refuse calls.`;
}

function readPercent(text: string): number | null {
  const typed = text.replace(/[%\s]/g, "");
  if (!/^\d{1,5}(\.\d{1,2})?$/.test(typed)) return null;
  const percent = Number(typed);
  return percent > 0 && percent <= 10_000 ? percent : null;
}
