import { sumSpendCells } from "@/db/clickhouse/queries/sum-spend-cells";
import { sumTimelyUnpriced } from "@/db/clickhouse/queries/sum-timely-unpriced";
import { sumUnpriced } from "@/db/clickhouse/queries/sum-unpriced";
import type { NewAlert } from "@/lib/alerts/alert";
import { isShareTooLarge, type PricedShare, sharePercent } from "@/lib/alerts/judge-unpriced";
import { LATE_AFTER_SECONDS } from "@/lib/alerts/late";
import { type Found, isoOf, newAlert, type WatchContext } from "@/lib/alerts/watch-context";
import { askRolled } from "@/lib/spend/ask-rolled";

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
/** What turned out to be an import is looked at again after this. */
const AGAIN_MS = 600_000;

/** What was looked at and is not to be told: keys, and until when (ms since 1970) they are believed. */
export type Unremarkable = Map<string, number>;

interface UnpricedModel {
  projectId: string;
  provider: string;
  model: string;
}

/**
 * Looks for models without a price, and for projects with too many calls without one, in the last day. Both are asked
 * of the rollups; what is new there is then held against the calls that arrived in time, since an import is no news.
 * @throws QueryFailedError, MalformedRowError
 */
export async function findUnpriced(context: WatchContext, known: Unremarkable): Promise<Found> {
  const { nowMs, rules, projectIds } = context;
  for (const [key, untilMs] of known) if (untilMs <= nowMs) known.delete(key);
  const asked = projectIds.filter((id) => rules.ruleFor("unpriced", id).enabled);
  if (asked.length === 0) return { alerts: [], overIds: listOver(context, new Map()) };
  const endMs = Math.ceil(context.freshMs / QUARTER_MS) * QUARTER_MS;
  const range = { fromUs: (endMs - DAY_MS) * 1000, toUs: endMs * 1000 };
  const shares = await sumShares(context, asked, range);
  const models = await listModels(context, asked, range);
  const isNew = (key: string) =>
    !known.has(key) && !context.open.some((alert) => alert.key === key);
  const wantedModels = models.filter((one) => isNew(modelKey(one)));
  const wantedShares = asked.filter((id) => {
    const share = shares.get(id);
    const rule = rules.ruleFor("unpriced", id).options;
    const isOpen = context.open.some(({ subject }) => subject === shareSubject(id));
    return share && !isOpen && isNew(shareKey(context, id)) && isShareTooLarge(share, rule);
  });
  const keys = [...wantedModels.map(modelKey), ...wantedShares.map((id) => shareKey(context, id))];
  const alerts =
    keys.length === 0 ? [] : await confirm(context, range, { wantedModels, wantedShares });
  for (const key of keys) {
    if (!alerts.some((alert) => alert.key === key)) known.set(key, nowMs + AGAIN_MS);
  }
  return { alerts, overIds: listOver(context, shares) };
}

const modelKey = ({ projectId, provider, model }: UnpricedModel): string =>
  `unpriced:${projectId}:${provider}:${model}`;
const shareSubject = (projectId: string): string => `unpriced-share:${projectId}`;
/** Of one UTC day: what wavers around the limit is told once in it. */
const shareKey = ({ freshMs }: WatchContext, projectId: string): string =>
  `${shareSubject(projectId)}:${isoOf(freshMs).slice(0, 10)}`;

async function sumShares(
  { clickhouse }: WatchContext,
  projectIds: string[],
  range: { fromUs: number; toUs: number },
): Promise<Map<string, PricedShare>> {
  const question = { projectIds, ...range, edges: [], asOfUs: null };
  const rows = await askRolled(clickhouse, "status", question, (rolled) =>
    sumSpendCells(clickhouse, {
      ...question,
      rolled,
      filters: [],
      groupBy: ["project"],
      measures: ["costUsd", "unknownCosts", "calls"],
      maxCells: null,
    }),
  );
  return new Map(
    rows.flatMap(({ kind, group0, calls, unknownCosts }) =>
      kind === "group" && group0 !== undefined
        ? [[group0, { calls: calls ?? 0, unpricedCalls: unknownCosts }]]
        : [],
    ),
  );
}

/** Models with calls of unknown cost that the prices know nothing of: of others single calls lack their usage. */
async function listModels(
  { clickhouse, prices }: WatchContext,
  projectIds: string[],
  range: { fromUs: number; toUs: number },
): Promise<UnpricedModel[]> {
  const scope = { projectIds, ...range };
  const rows = await askRolled(
    clickhouse,
    "model",
    { ...scope, edges: [], asOfUs: null },
    (rolled) => sumUnpriced(clickhouse, { ...scope, rolled }),
  );
  return rows.flatMap(({ project_id: projectId, provider, model, unknownCosts }) => {
    const isUnknown =
      unknownCosts > 0 && prices.matchModel(provider || null, model, projectId).matched === null;
    return model !== "" && isUnknown ? [{ projectId, provider, model }] : [];
  });
}

async function confirm(
  context: WatchContext,
  range: { fromUs: number; toUs: number },
  { wantedModels, wantedShares }: { wantedModels: UnpricedModel[]; wantedShares: string[] },
): Promise<NewAlert[]> {
  const { clickhouse, rules } = context;
  const timely = await sumTimelyUnpriced(clickhouse, {
    projectIds: [...new Set([...wantedShares, ...wantedModels.map((one) => one.projectId)])],
    ...range,
    lateAfterSeconds: LATE_AFTER_SECONDS,
  });
  const alerts: NewAlert[] = [];
  for (const { project_id: projectId, provider, model, is_total, calls, unpriced } of timely) {
    const { audience, options } = rules.ruleFor("unpriced", projectId);
    const share = { calls, unpricedCalls: unpriced };
    if (!is_total) {
      const key = modelKey({ projectId, provider, model });
      if (!wantedModels.some((one) => modelKey(one) === key)) continue;
      const facts = {
        kind: "unpriced" as const,
        model,
        provider: provider || null,
        calls: unpriced,
      };
      alerts.push(
        newAlert(context, { key, subject: key, projectId, value: model, audience, facts }),
      );
    } else if (wantedShares.includes(projectId) && isShareTooLarge(share, options)) {
      const facts = {
        kind: "unpriced" as const,
        share_percent: sharePercent(share),
        calls,
        unpriced_calls: unpriced,
      };
      const subject = shareSubject(projectId);
      const key = shareKey(context, projectId);
      alerts.push(newAlert(context, { key, subject, projectId, value: null, audience, facts }));
    }
  }
  return alerts;
}

/** A model that has a price now; a share that is no longer too large. */
function listOver(
  { open, prices, rules, projectIds }: WatchContext,
  shares: ReadonlyMap<string, PricedShare>,
): string[] {
  return open.flatMap(({ id, facts, projectId }) => {
    if (facts.kind !== "unpriced") return [];
    if (projectId === null || !projectIds.includes(projectId)) return [id];
    const rule = rules.ruleFor("unpriced", projectId);
    if (!rule.enabled) return [id];
    if ("model" in facts) {
      const { matched } = prices.matchModel(facts.provider, facts.model, projectId);
      return matched === null ? [] : [id];
    }
    const share = shares.get(projectId) ?? { calls: 0, unpricedCalls: 0 };
    return isShareTooLarge(share, rule.options) ? [] : [id];
  });
}
