/** Where a chart's plot lies, in pixels; the sketch and Recharts draw into the same one. */

/** The chart's height; its skeleton has the same. */
export const STACK_CHART_HEIGHT = 288;
export const MARGIN = { top: 8, right: 4, bottom: 0, left: 0 };
/** Room for the values left of the plot, and for the times below it. */
export const VALUE_AXIS_WIDTH = 58;
export const TIME_AXIS_HEIGHT = 30;
export const MAX_BAR_WIDTH = 72;
/** From an axis to its labels. */
export const LABEL_DISTANCE = 8;
/** Labels of times keep so far from each other. */
export const MIN_LABEL_GAP = 18;

/** What is left of a column's place on each side: a share of it, or one pixel where there are many. */
export function barGap(slices: number, bandWidth: number): number {
  return slices > 60 ? 1 : bandWidth * 0.18;
}
