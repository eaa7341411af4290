import { MIN_LABEL_GAP } from "@/components/charts/stack-frame";

interface Label {
  x: number;
  text: string;
}

/** About as wide as a letter of 12 pixels gets. */
const LETTER_PX = 6.4;

/** The labels of a time axis that fit beside each other, centred on their places: the last one always, then from the first on. */
export function chooseLabels(
  labels: readonly Label[],
  plot: { left: number; right: number },
): Label[] {
  const last = labels.at(-1);
  if (!last) return [];
  const half = ({ text }: Label) => (text.length * LETTER_PX) / 2;
  const endsAt = last.x - half(last);
  const chosen: Label[] = [];
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const label of labels.slice(0, -1)) {
    const isFree = label.x - half(label) >= freeFrom && label.x >= plot.left;
    if (!isFree || label.x + half(label) + MIN_LABEL_GAP > endsAt) continue;
    chosen.push(label);
    freeFrom = label.x + half(label) + MIN_LABEL_GAP;
  }
  return [...chosen, last];
}
