import { z } from "zod";
import { BUDGET_MODES } from "@/lib/budgets/budget";

const whole = z.string().regex(/^\d+$/);

/** What a reservation holds of one counter, as it is stored; money in US dollars. */
export const holdSchema = z.object({
  budget_id: z.uuid(),
  value: z.string(),
  period: z.string(),
  /** The budget's mode when it was taken: it decides what happens when it expires. */
  mode: z.enum(BUDGET_MODES),
  usd: z.string(),
  tokens: whole,
  calls: whole,
  tool_calls: whole,
});
export type Hold = z.output<typeof holdSchema>;
export const holdsSchema = holdSchema.array();
