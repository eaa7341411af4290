import { instantParameter } from "@/lib/calls/instant-parameter";

/** The range of a question, to be spread into its parameters; `resolveRange` fills in what is left out. */
export const rangeParameters = {
  from: instantParameter
    .optional()
    .meta({ description: "Included. Default: 30 days before `to`." }),
  to: instantParameter.optional().meta({ description: "Excluded. Default: now." }),
};
