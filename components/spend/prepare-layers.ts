import { UNTAGGED } from "@/components/filters/dimensions";
import { isAdditive, type Metric, metricValue } from "@/components/spend/metric";
import { groupName, type SpendAnswer } from "@/components/spend/spend-answer";

/** One drawn layer: who, how it looks, and its sum over the range; null where no price is known. */
export interface SpendLayer {
  id: string;
  label: string;
  slot: number | null;
  value: bigint | null;
}

/**
 * The chart's layers in its order, with the table's own figures: a sum of what was drawn would show an
 * unpriced name as free.
 * @param nameCount how many names there are; more than the drawn ones make an Other
 */
export function prepareLayers(
  answer: SpendAnswer,
  { group, metric }: { group: string; metric: Metric },
  topNames: readonly (string | null)[],
  nameCount: number,
  slotOf: (name: string | null) => number | null,
): SpendLayer[] {
  const values = new Map(
    answer.rows.map((row) => [groupName(row, group), metricValue(row, metric)]),
  );
  const layers = topNames.map((name): SpendLayer => {
    const id = name === null ? "untagged" : `name ${name}`;
    return { id, label: name ?? UNTAGGED, slot: slotOf(name), value: values.get(name) ?? null };
  });
  // Nobody's latency can be made of the others'.
  if (isAdditive(metric) && nameCount > topNames.length) {
    const others = [...values].filter(([name]) => !topNames.includes(name));
    const rest = answer.rest === null ? null : metricValue(answer.rest, metric);
    const value = others.reduce((sum, [, other]) => addKnown(sum, other), rest);
    layers.push({ id: "other", label: "Other", slot: null, value });
  }
  return layers;
}

/** Adds what is known; null only where nothing is. */
function addKnown(one: bigint | null, two: bigint | null): bigint | null {
  if (one === null) return two;
  return two === null ? one : one + two;
}
