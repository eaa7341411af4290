import { formatCostSum, formatExactUsd, formatQuantity } from "@/lib/format";
import type { IntegrityAnswer } from "@/lib/integrity/integrity-schemas";

/** The answer to "can I trust these numbers?", in words. */
export interface Verdict {
  tone: "good" | "caution" | "danger" | "info";
  title: string;
  /** What else there is to know, a sentence each. */
  details: string[];
  /** Exact dollars, on hover. */
  exact: string | null;
}

/** Says what was compared, and never more than that: what moves or was not compared is no agreement. */
export function prepareVerdict({ totals, runs, days }: IntegrityAnswer): Verdict {
  const failed = runs[0]?.error ?? null;
  const details = [
    ...(failed ? [`The last comparison failed: ${sentence(failed)}`] : []),
    ...unrolledText(days),
    ...movingText(totals.moving),
    ...repairedText(totals.repaired, totals.repaired_usd),
    ...sealedText(totals.sealed),
  ];
  const compared = totals.equal + totals.repaired + totals.different;
  if (totals.different > 0) {
    const isNone = formatCostSum(totals.difference_usd) === "$0.00";
    const size = isNone ? "in counts only" : `by ${formatCostSum(totals.difference_usd)}`;
    const verb = totals.different === 1 ? "differs" : "differ";
    return {
      tone: "danger",
      title: `${totals.different} of ${formatQuantity(compared, "day")} ${verb}, ${size}`,
      details: [
        "It is being repaired: rollups are rebuilt from the calls, counters set to their sum.",
        ...details,
      ],
      exact: formatExactUsd(totals.difference_usd),
    };
  }
  if (compared === 0) {
    const title = totals.days === 0 ? "Nothing was compared yet" : "No day has come to rest yet";
    return { tone: failed ? "caution" : "info", title, details, exact: null };
  }
  return {
    tone: failed ? "caution" : "good",
    title: `${formatQuantity(compared, "day")} compared: calls, rollups and counters agree to the last digit`,
    details,
    exact: null,
  };
}

/** An hour that is not over has no rollup: of such a day only the calls and the counters were compared. */
function unrolledText(days: IntegrityAnswer["days"]): string[] {
  const unrolled = days.filter(
    ({ state, rollups }) => (state === "equal" || state === "repaired") && rollups === null,
  );
  if (unrolled.length === 0) return [];
  const verb = unrolled.length === 1 ? "is" : "are";
  return [
    `${formatQuantity(unrolled.length, "day")} ${verb} not rolled up yet: there calls and counters agree.`,
  ];
}

function movingText(moving: number): string[] {
  if (moving === 0) return [];
  const verb = moving === 1 ? "is" : "are";
  return [`${formatQuantity(moving, "day")} ${verb} still moving and will be compared.`];
}

function repairedText(repaired: number, usd: string): string[] {
  if (repaired === 0) return [];
  const verb = repaired === 1 ? "was" : "were";
  return [
    `${formatQuantity(repaired, "day")} differed, by ${formatCostSum(usd)}, and ${verb} repaired.`,
  ];
}

function sealedText(sealed: number): string[] {
  if (sealed === 0) return [];
  const verb = sealed === 1 ? "is" : "are";
  return [`${formatQuantity(sealed, "day")} ${verb} sealed: the calls expired, the sums stay.`];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
