import type { FieldError } from "@/lib/errors";
import { EVENT_LIMITS } from "@/lib/events/event-fields";
import { type FemtoUsd, parseUsd } from "@/lib/money";

/** Reads an amount that was sent as text, and adds its fault to `errors`. @returns null where it was not sent, or is none */
export function checkUsd(
  text: string | null | undefined,
  path: string,
  errors: FieldError[],
): FemtoUsd | null {
  if (text === null || text === undefined) return null;
  const femtoUsd = parseUsd(text);
  if (femtoUsd === null || femtoUsd > EVENT_LIMITS.reportedCostFemtoUsd) {
    errors.push({
      path,
      message: "must have at most 16 digits before the point and 15 after it",
    });
  }
  return femtoUsd;
}
