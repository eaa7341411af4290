import { familiesOf, isSameModel } from "@/lib/traces/model-family";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { depthOf, type SpanTree, type TreeSpan } from "@/lib/traces/span-tree";
import { printKeyOf, usageKeyOf } from "@/lib/traces/twin-keys";
import { compareDetail, isSameButCache, isSameSize } from "@/lib/traces/usage-vector";

/** One call, told by several sources; the first of them counts. */
export type TwinGroup = readonly TreeSpan[];

/** Clocks of two instrumentations, or of a span and the log record behind it, are so far apart at the most. */
const CLOCK_SLACK_US = 1_000_000;

/** Whether a span tells of a call or a tool's execution, rightly or not. */
export function isUnit({ kind, usage }: SpanFacts): boolean {
  return kind === "llm" || kind === "tool" || usage !== null;
}

/**
 * Groups the units that tell of one call. By the ids of responses, and by their places where an SDK's event stands for a
 * span; then by what they print: sources are matched one to one, in the order of time, because one source never tells a
 * call twice while a loop may print the same numbers again and again.
 */
export function matchTwins({ ordered }: SpanTree): Map<TreeSpan, TwinGroup> {
  const units = ordered.filter(({ facts }) => isUnit(facts));
  const groups = new Groups(units);
  joinBy(units, groups, ({ facts }) => {
    return facts.traceId && facts.spanId ? `${facts.traceId}:${facts.spanId}` : null;
  });
  joinResponses(units, groups);
  matchSources(units, groups, ({ facts }) => {
    return facts.kind === "tool" ? null : printKeyOf(facts);
  });
  // One prints all input, another one what was not cached.
  matchSources(units, groups, ({ facts }) => {
    return facts.kind === "tool" ? null : usageKeyOf(facts);
  });
  // The same question of the same model at the same time, of which one source guesses what it took.
  matchSources(
    units.filter((unit) => groups.of(unit).length === 1),
    groups,
    ({ facts: { kind, service, usage, promptHash } }) => {
      return kind === "llm" && usage && promptHash ? `${service}|${promptHash}` : null;
    },
    (a, b) => isMeanwhile(a.facts, b.facts) && !isAbove(a, b) && !isAbove(b, a),
  );
  matchSources(units, groups, ({ facts: { kind, service, name } }) => {
    return kind === "tool" ? `${service}|${name}` : null;
  });
  return groups.list();
}

class Groups {
  readonly #of = new Map<TreeSpan, TreeSpan[]>();

  constructor(units: readonly TreeSpan[]) {
    for (const unit of units) this.#of.set(unit, [unit]);
  }

  of(unit: TreeSpan): readonly TreeSpan[] {
    return this.#of.get(unit) ?? [unit];
  }

  join(a: TreeSpan, b: TreeSpan): void {
    const [ofA, ofB] = [this.#of.get(a), this.#of.get(b)];
    if (!ofA || !ofB || ofA === ofB) return;
    const [small, large] = ofA.length < ofB.length ? [ofA, ofB] : [ofB, ofA];
    for (const unit of small) {
      large.push(unit);
      this.#of.set(unit, large);
    }
  }

  list(): Map<TreeSpan, TwinGroup> {
    for (const group of new Set(this.#of.values())) group.sort(compareByWorth);
    return this.#of;
  }
}

/**
 * What counts comes first: an SDK's event (it settles reservations), then whoever names a model, without which nothing
 * has a price, then whoever tells most; of a span and one below it that tell the same the lower one, for the upper one
 * may stand around other calls too, and tell of its last alone.
 */
function compareByWorth(one: TreeSpan, other: TreeSpan) {
  const [a, b] = [one.facts, other.facts];
  const rank = (facts: SpanFacts) => (facts.signal === "event" && facts.usage !== null ? 0 : 1);
  const order = (facts: SpanFacts) => ["event", "span", "log"].indexOf(facts.signal);
  return (
    rank(a) - rank(b) ||
    Number(familiesOf(a).length === 0) - Number(familiesOf(b).length === 0) ||
    compareDetail(a.usage, b.usage) ||
    order(a) - order(b) ||
    depthOf(other) - depthOf(one) ||
    one.index - other.index
  );
}

function joinBy(
  units: readonly TreeSpan[],
  groups: Groups,
  keyOf: (unit: TreeSpan) => string | null,
): void {
  const first = new Map<string, TreeSpan>();
  for (const unit of units) {
    const key = keyOf(unit);
    if (key === null) continue;
    const known = first.get(key);
    if (known) groups.join(known, unit);
    else first.set(key, unit);
  }
}

/**
 * The same response is the same call. But an outer span names the response of its last step and reports the sum of all:
 * it is a twin of what lies below it only where both print the same.
 */
function joinResponses(units: readonly TreeSpan[], groups: Groups): void {
  const byResponse = new Map<string, TreeSpan[]>();
  for (const unit of units) {
    const { responseId, kind } = unit.facts;
    if (responseId === null) continue;
    const key = `${kind === "tool"}|${responseId}`;
    const known = byResponse.get(key);
    if (!known) {
      byResponse.set(key, [unit]);
      continue;
    }
    const twin = known.find((other) => isSameResponse(groups.of(other), other, unit));
    if (twin) groups.join(twin, unit);
    else known.push(unit);
    if (known.length > MAX_OPEN) known.shift();
  }
}

/** Reports of one response are so far apart at the most: a gateway or a test server may give its ids anew. */
const RESPONSE_SLACK_US = 600_000_000;

function isSameResponse(group: readonly TreeSpan[], other: TreeSpan, unit: TreeSpan): boolean {
  const isNested = isAbove(other, unit) || isAbove(unit, other);
  if (isNested && !isPrintedAlike(other, unit)) return false;
  if (unit.facts.kind === "tool") return true;
  // One may name a deployment or an alias where the other has the model's own name: then they must say the same.
  if (!isSameModel(other.facts, unit.facts) && !isPrintedAlike(other, unit)) return false;
  if (!isAtOnce(other.facts, unit.facts, RESPONSE_SLACK_US)) return false;
  // One source tells a call once, or in spans that lie within one another: the same id beside it, with other figures, is
  // another call's.
  return (
    group.length < MAX_OPEN &&
    group.every(
      (member) =>
        member.facts.source !== unit.facts.source ||
        member.facts.usage === null ||
        unit.facts.usage === null ||
        isPrintedAlike(member, unit) ||
        isAbove(member, unit) ||
        isAbove(unit, member),
    )
  );
}

/** Looked for so far up; a hostile chain must not make it quadratic. */
const MAX_HEIGHT = 256;

/** Whether `upper` is an ancestor of `lower`. */
export function isAbove(upper: TreeSpan, lower: TreeSpan): boolean {
  let at = lower.parent;
  for (let height = 0; at && height < MAX_HEIGHT; height++, at = at.parent) {
    if (at === upper) return true;
  }
  return false;
}

function isPrintedAlike({ facts: a }: TreeSpan, { facts: b }: TreeSpan): boolean {
  if (a.kind === "tool") return true;
  if (a.usage === null || b.usage === null) return false;
  const isPrinted =
    (a.printedTokens?.input ?? 0) === (b.printedTokens?.input ?? 0) &&
    (a.printedTokens?.output ?? 0) === (b.printedTokens?.output ?? 0);
  const isSame = isSameSize(a.usage, b.usage);
  // Neither prints tokens: their units must be the same.
  const isToken = (a.printedTokens ?? b.printedTokens) !== null;
  return isSame || isSameButCache(a.usage, b.usage) || (isPrinted && isToken);
}

function matchSources(
  units: readonly TreeSpan[],
  groups: Groups,
  keyOf: (unit: TreeSpan) => string | null,
  mayBe: (one: TreeSpan, other: TreeSpan) => boolean = () => true,
): void {
  const byKey = new Map<string, TreeSpan[]>();
  for (const unit of units) {
    const key = keyOf(unit);
    if (key === null) continue;
    const known = byKey.get(key);
    if (known) known.push(unit);
    else byKey.set(key, [unit]);
  }
  for (const alike of byKey.values()) if (alike.length > 1) matchAlike(alike, groups, mayBe);
}

/** More calls that print the same do not run at once; a hostile trace must not be quadratic. */
const MAX_OPEN = 128;

/** Each unit joins the first earlier group that its source has no part in, is of its model, and overlaps it. */
function matchAlike(
  alike: readonly TreeSpan[],
  groups: Groups,
  mayBe: (one: TreeSpan, other: TreeSpan) => boolean,
): void {
  const open: TreeSpan[] = [];
  for (const unit of alike) {
    // What begins much later than another one ended is no twin of it, nor of anything before.
    while (open[0] && endOf(open[0].facts) + CLOCK_SLACK_US < unit.facts.startUs) open.shift();
    const twin = open.find(
      (other) => mayBe(other, unit) && isTwin(groups.of(other), groups.of(unit)),
    );
    if (twin) groups.join(twin, unit);
    else open.push(unit);
    if (open.length > MAX_OPEN) open.shift();
  }
}

/** Whether two groups tell of one call: all that is told in one may be told of what is told in the other. */
function isTwin(some: readonly TreeSpan[], others: readonly TreeSpan[]): boolean {
  if (some === others) return false;
  return some.every(({ facts: a }) =>
    others.every(
      ({ facts: b }) =>
        a.source !== b.source &&
        isSameModel(a, b) &&
        isAtOnce(a, b) &&
        (a.responseId === null || b.responseId === null || a.responseId === b.responseId),
    ),
  );
}

/** Whether one lasts while the other does: its beginning and end lie within it, but for the slack of clocks. */
export function isAtOnce(a: SpanFacts, b: SpanFacts, slackUs = CLOCK_SLACK_US): boolean {
  const holds = (outer: SpanFacts, inner: SpanFacts) =>
    outer.startUs - slackUs <= inner.startUs && endOf(inner) <= endOf(outer) + slackUs;
  return holds(a, b) || holds(b, a);
}

/**
 * Whether most of the shorter one lies in the longer: of two quick calls in a row one begins as the other ends. A record
 * of one instant was written as its call ended.
 */
export function isMeanwhile(a: SpanFacts, b: SpanFacts): boolean {
  if (a.endUs === null && b.endUs === null) return true;
  if (a.endUs === null) return a.startUs >= (b.startUs + endOf(b)) / 2;
  if (b.endUs === null) return b.startUs >= (a.startUs + a.endUs) / 2;
  const commonUs = Math.min(a.endUs, b.endUs) - Math.max(a.startUs, b.startUs);
  return commonUs >= Math.min(a.endUs - a.startUs, b.endUs - b.startUs) / 2;
}

export function endOf({ startUs, endUs }: SpanFacts): number {
  return endUs ?? startUs;
}
