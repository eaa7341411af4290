import { byText, type LedgerRow, noTotals, type Step, type TreeSpan } from "@/lib/traces/tree-step";

/** A step, and the place above it that it names. */
export interface PlacedStep {
  step: Step;
  /** Key of the place above; "" for a root. */
  above: string;
}

/** The steps of some events and spans, and where each hangs. */
export interface MadeSteps {
  placed: PlacedStep[];
  /** The step of each place that has one. */
  byPlace: Map<string, Step>;
  /** Of places that are no step (HTTP, a queue, another session's call): the place above. */
  passed: Map<string, string>;
}

/** What keeps two traces' spans of one id apart. No id has a line break in it after this. */
export function placeKey(traceId: string, spanId: string): string {
  return spanId === "" ? "" : JSON.stringify([traceId, spanId]);
}

const REST = /^otlp:([^:]*):([^:]*):rest:/;

/**
 * Makes the steps of a tree, not yet linked. An event and a span of one place are one step. Of several events of a place
 * the one that counts and began first is it; the others hang under it where they count, and are folded into it where not.
 * @param session whose tree it is: a span that names another one and has no event here is none of its steps. null: any
 */
export function makeSteps(
  rows: readonly LedgerRow[],
  spans: readonly TreeSpan[],
  session: string | null,
): MadeSteps {
  const facts = new Map<string, TreeSpan>();
  for (const span of spans) if (!span.spanId.startsWith("log:")) keepFirst(facts, span);
  const made: MadeSteps = { placed: [], byPlace: new Map(), passed: new Map() };
  for (const row of [...rows].sort(byRank)) addRow(made, row, facts);
  for (const [place, span] of facts) {
    if (made.byPlace.has(place)) continue;
    const above = placeKey(span.traceId, span.parentSpanId);
    const isOthers =
      session !== null && span.tags.session !== null && span.tags.session !== session;
    // A call or tool that has no event here is another session's, or not in the ledger yet.
    if (isOthers || (span.kind !== "agent" && span.kind !== "step")) made.passed.set(place, above);
    else add(made, toStep(`span:${place}`, null, span), place, above);
  }
  return made;
}

/** Of two reports of one span the one that began first, then by all they say: whichever came first. */
function keepFirst(facts: Map<string, TreeSpan>, span: TreeSpan): void {
  const place = placeKey(span.traceId, span.spanId);
  const known = facts.get(place);
  const isFirst =
    !known ||
    span.startUs < known.startUs ||
    (span.startUs === known.startUs && JSON.stringify(span) < JSON.stringify(known));
  if (isFirst && place !== "") facts.set(place, span);
}

function addRow(made: MadeSteps, row: LedgerRow, facts: ReadonlyMap<string, TreeSpan>): void {
  const id = `call:${row.id}@${row.startUs}`;
  const rest = REST.exec(row.id);
  const [, restTrace = "", restSpan = ""] = rest ?? [];
  const place = rest ? "" : placeKey(row.traceId, row.spanId);
  const main = place === "" ? undefined : made.byPlace.get(place);
  if (rest) add(made, toStep(id, row, undefined), "", placeKey(restTrace, restSpan));
  else if (main && row.counted) add(made, toStep(id, row, undefined), "", place);
  else if (main) main.repeatCount += 1;
  else {
    const span = facts.get(place);
    const above = row.parentSpanId || span?.parentSpanId || "";
    add(made, toStep(id, row, span), place, placeKey(row.traceId, above));
  }
}

function add(made: MadeSteps, step: Step, place: string, above: string): void {
  made.placed.push({ step, above });
  if (place !== "") made.byPlace.set(place, step);
}

function toStep(id: string, row: LedgerRow | null, span: TreeSpan | undefined): Step {
  // A span that repeats what is below it is what it says of itself, an agent's run perhaps, and no call.
  const ofSpan = span && span.kind !== "other" ? span.kind : null;
  const kind = (row?.counted ? row.type : (ofSpan ?? row?.type)) ?? "step";
  const startUs = row?.startUs ?? span?.startUs ?? 0;
  const agent = row?.agent || span?.tags.agent || "";
  return {
    id,
    kind,
    name: row?.name || span?.name || row?.model || agent || kind,
    agent,
    traceId: row?.traceId ?? span?.traceId ?? "",
    spanId: row?.spanId || span?.spanId || "",
    startUs,
    endUs: endOf(startUs, row, span),
    status: row?.status ?? span?.status ?? "ok",
    errorType: row?.errorType || span?.errorType || "",
    row,
    parent: null,
    children: [],
    depth: 0,
    isOrphan: false,
    repeatCount: 0,
    totals: noTotals(),
  };
}

/** Never before it began, whatever clocks say. */
function endOf(startUs: number, row: LedgerRow | null, span: TreeSpan | undefined): number | null {
  if (row && row.durationMs !== null) return startUs + Math.round(row.durationMs * 1000);
  const endUs = span?.endUs ?? null;
  return endUs === null ? null : Math.max(endUs, startUs);
}

/** What counts before what does not, then by time and id. */
function byRank(one: LedgerRow, two: LedgerRow): number {
  return (
    Number(two.counted) - Number(one.counted) || one.startUs - two.startUs || byText(one.id, two.id)
  );
}
