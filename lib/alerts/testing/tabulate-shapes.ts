import type { SpikeRule } from "@/lib/alerts/judge-spike";
import { type ReplayOptions, replayShape } from "@/lib/alerts/testing/replay-shape";
import {
  makeSpendShapes,
  SHAPE_WEEKS,
  type SpendShape,
  weekOfMinute,
} from "@/lib/alerts/testing/spend-shapes";
import { FEMTO_PER_USD } from "@/lib/money";

const DEFAULT_RULE: SpikeRule = { floorUsd: FEMTO_PER_USD, multiple: 3 };
const WITH: ReplayOptions = { hasDays: true, hasWeeks: true };
const WITHOUT: ReplayOptions = { hasDays: false, hasWeeks: false };

/** What the rule told of one shape. */
export interface ShapeResult {
  name: string;
  about: string;
  /** Minutes from the event to the alarm; null: it was not told. Undefined: there is nothing to tell. */
  foundAfterMinutes?: number | null;
  /** Alarms of nothing by week, and the same without looking at the hours of earlier days and weeks. */
  falseByWeek: number[];
  falseWithoutRhythm: number[];
}

/** Runs the default rule over every shape. */
export function judgeShapes(): ShapeResult[] {
  return makeSpendShapes().map((shape) => {
    const told = replayShape(shape, DEFAULT_RULE, WITH);
    const { event } = shape;
    const found = event ? told.find((minute) => isOf(event, minute)) : undefined;
    return {
      name: shape.name,
      about: shape.about,
      ...(event ? { foundAfterMinutes: found === undefined ? null : found - event.from } : {}),
      falseByWeek: falseByWeek(shape, told),
      falseWithoutRhythm: falseByWeek(shape, replayShape(shape, DEFAULT_RULE, WITHOUT)),
    };
  });
}

/** An hour after its end the last hour still has some of it. */
const isOf = (event: { from: number; to: number }, minute: number): boolean =>
  minute >= event.from && minute < event.to + 60;

function falseByWeek({ event }: SpendShape, told: readonly number[]): number[] {
  const wrong = told.filter((minute) => !event || !isOf(event, minute));
  return Array.from(
    { length: SHAPE_WEEKS },
    (_, week) => wrong.filter((minute) => weekOfMinute(minute) === week).length,
  );
}

/** The table of the documents. */
export function writeShapesTable(results: readonly ShapeResult[]): string {
  const lines = results.map(
    ({ name, about, foundAfterMinutes, falseByWeek: own, falseWithoutRhythm }) => {
      const found =
        foundAfterMinutes === undefined
          ? "nothing to find"
          : foundAfterMinutes === null
            ? "**not found**"
            : `after ${foundAfterMinutes} min`;
      return `| ${name} | ${about} | ${found} | ${own.join(" · ")} | ${falseWithoutRhythm.join(" · ")} |`;
    },
  );
  return [
    "| shape | what happens | found | false alarms in week 1 · 2 · 3 · 4 | by the mean of the day alone |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

const BEGIN = "<!-- spike shapes: scripts/write-spike-shapes.ts -->\n";
const END = "\n<!-- /spike shapes -->";

/** The table of a page, and what stands around it. */
export function tableIn(page: string): { before: string; table: string; after: string } {
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  const end = page.indexOf(END);
  return { before: page.slice(0, begin), table: page.slice(begin, end), after: page.slice(end) };
}
