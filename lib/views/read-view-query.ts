import { isDimension, isFilter } from "@/db/clickhouse/dimensions";
import { COMPARISON_IDS } from "@/lib/comparison-range";
import { type FieldError, OutlayError } from "@/lib/errors";
import { INTERVALS, RANGE_IDS } from "@/lib/time-range";
import {
  REPEATED_PARAM,
  toViewQuery,
  VIEW_SCREENS,
  type ViewScreen,
} from "@/lib/views/screen-params";

/** What can be told of a value. The others (columns, order) are the screen's own words: it falls back from unknown ones. */
const CHECKS: Readonly<Record<string, (value: string) => boolean>> = {
  range: (value) => RANGE_IDS.some((id) => id === value),
  from: isEdge,
  to: isEdge,
  filter: (value) => isFilter(dimensionOf(value)),
  group: isDimension,
  group2: isDimension,
  bin: (value) => INTERVALS.some((id) => id === value),
  compare: (value) => COMPARISON_IDS.some((id) => id === value),
};
const PLAIN = /^[\w*.,:-]{1,300}$/;

/**
 * Reads a screen's query, as an address has it: each parameter is one that the screen knows. Nothing is resolved: a
 * relative range is saved as such, and means other days tomorrow.
 * @returns the project's slug (null: all) and the rest in its one order
 * @throws OutlayError `unprocessable`, naming each parameter that is unknown or wrong
 */
export function readViewQuery(
  screen: ViewScreen,
  text: string,
): { project: string | null; query: string } {
  const search = new URLSearchParams(text);
  const known: readonly string[] = VIEW_SCREENS[screen];
  const errors: FieldError[] = [];
  for (const name of new Set(search.keys())) {
    const path = `query.${name}`;
    const values = search.getAll(name);
    const isRight = CHECKS[name] ?? ((value: string) => PLAIN.test(value));
    if (!known.includes(name)) {
      errors.push({ path, message: `is no parameter of ${screen}` });
    } else if (values.length > 1 && name !== REPEATED_PARAM) {
      errors.push({ path, message: "is given more than once" });
    } else if (!values.every(isRight)) {
      errors.push({ path, message: "is nothing that the screen knows" });
    }
  }
  if (errors.length > 0) {
    const [first] = errors;
    const detail = `The view cannot be opened: ${first?.path} ${first?.message}.`;
    throw new OutlayError("unprocessable", detail, { errors });
  }
  const project = search.get("project");
  search.delete("project");
  return { project: project === "*" ? null : project, query: toViewQuery(screen, search) };
}

function isEdge(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(value);
}

/** `feature:search`; a colon or percent sign of the dimension is escaped. */
function dimensionOf(filter: string): string {
  const colon = filter.indexOf(":");
  return colon < 0 ? "" : filter.slice(0, colon).replace(/%25|%3A/gi, decodeURIComponent);
}
