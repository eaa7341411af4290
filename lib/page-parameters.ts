import { z } from "zod";

/** What every list that is read by pages takes, to be spread into its parameters. */
export const pageParameters = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z
    .string()
    .max(2000)
    .optional()
    .meta({ description: "`next_cursor` of the page before." }),
};
