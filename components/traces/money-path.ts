import type { CostStep, CostTree } from "@/components/traces/cost-tree";
import { dearestOf } from "@/components/traces/dearest-path";
import { formatShare } from "@/lib/format";
import type { FemtoUsd } from "@/lib/money";

/** One piece of the sentence that says where the money went. */
export interface MoneyHop {
  /** The step it leads to. */
  key: string;
  /** `researcher`, `14 × gpt-5`. */
  text: string;
  /** Of the whole session: `82.0 %`; null where it is that of the piece before. */
  share: string | null;
}

/** A branch with less of the whole than this is not where the money went. */
const LEAST_PER_CENT = 25n;
const MOST_HOPS = 4;

/**
 * The way of most of the money in a few words, from the top down: steps that only pass it on to a single one below them
 * are left out, and calls of one model are told together.
 * @returns [] where nothing is known to have cost anything
 */
export function findMoneyPath(tree: CostTree): MoneyHop[] {
  const whole = tree.totalUsd ?? 0n;
  if (whole <= 0n) return [];
  const hops: { key: string; text: string; usd: FemtoUsd }[] = [];
  let among = tree.roots;
  for (;;) {
    const calls = dearestModel(tree, among);
    const index = dearestOf(tree, among);
    const step = index === null ? undefined : tree.steps[index];
    const isOfCalls = calls !== null && calls.usd >= (isInner(step) ? (step.totalUsd ?? 0n) : 0n);
    if (isOfCalls && isMuch(calls.usd, whole)) {
      return tell([...hops, calls], whole);
    }
    if (!isInner(step) || !isMuch(step.totalUsd ?? 0n, whole)) return tell(hops, whole);
    const isOnlyPassing = step.children.length === 1 && (step.ownUsd ?? 0n) === 0n;
    if (!isOnlyPassing) hops.push({ key: step.key, text: step.name, usd: step.totalUsd ?? 0n });
    among = step.children;
  }
}

function isInner(step: CostStep | undefined): step is CostStep {
  return step !== undefined && step.children.length > 0;
}

function isMuch(part: FemtoUsd, whole: FemtoUsd): boolean {
  return part * 100n >= whole * LEAST_PER_CENT;
}

/** Steps without steps below them, of one name, told together: the dearest name. */
function dearestModel(
  tree: CostTree,
  among: readonly number[],
): { key: string; text: string; usd: FemtoUsd } | null {
  const groups = new Map<string, { key: string; count: number; usd: FemtoUsd; most: FemtoUsd }>();
  for (const index of among) {
    const step = tree.steps[index];
    if (!step || step.children.length > 0 || step.totalUsd === null) continue;
    const name = step.model ?? step.name;
    const group = groups.get(name) ?? { key: step.key, count: 0, usd: 0n, most: -1n };
    const isMost = step.totalUsd > group.most;
    groups.set(name, {
      key: isMost ? step.key : group.key,
      count: group.count + 1,
      usd: group.usd + step.totalUsd,
      most: isMost ? step.totalUsd : group.most,
    });
  }
  let dearest: { key: string; text: string; usd: FemtoUsd } | null = null;
  for (const [name, { key, count, usd }] of groups) {
    if (usd > (dearest?.usd ?? 0n)) {
      dearest = { key, text: count === 1 ? name : `${count} × ${name}`, usd };
    }
  }
  return dearest;
}

/** What holds everything is where nobody has to be sent, unless there is nothing else to tell. */
function tell(
  hops: readonly { key: string; text: string; usd: FemtoUsd }[],
  whole: FemtoUsd,
): MoneyHop[] {
  const telling = hops.filter(({ usd }, place) => usd < whole || place === hops.length - 1);
  const shares = telling.map(({ usd }) => formatShare(usd, whole));
  return telling
    .map(({ key, text }, place) => {
      const share = shares[place] ?? null;
      return { key, text, share: place > 0 && share === shares[place - 1] ? null : share };
    })
    .slice(-MOST_HOPS);
}
