import { z } from "zod";
import type { ZodOpenApiPathItemObject } from "zod-openapi";
import { problemSchema } from "@/lib/openapi/operation";
import { policyAnswerSchema, policyQuerySchema } from "@/lib/policy/policy-schemas";

const projectParameter = {
  project: z.string().optional().meta({
    description: "A project's slug; only an installation key may name another than its own.",
  }),
};

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

/** GET /v1/policy: for machines, outside the people's API. */
export const POLICY_PATH: ZodOpenApiPathItemObject = {
  get: {
    operationId: "getV1Policy",
    tags: ["guard"],
    summary: "What an agent needs to decide by itself",
    description:
      "Kill switches and budgets that bind calls with these tags. An empty tag (`user=`) says that the calls go without it; for one that is left out, budgets by it are left out and `not_asked` names it, and switches by it are all there. Budgets just made, whose spending is still being counted, are not there: they decide nothing. Ask every `ttl_seconds` with `If-None-Match`. Takes the scope `guard`.",
    requestParams: { query: policyQuerySchema.extend(projectParameter) },
    responses: {
      "200": {
        description: "The policy, with an `ETag`.",
        content: { "application/json": { schema: policyAnswerSchema } },
      },
      "304": { description: "Nothing of it changed." },
      "400": problem("A parameter is not known, or repeated."),
      "401": problem("No key, or one that is not known."),
      "403": problem("A key without the scope `guard`, or of another project."),
      "503": problem("It is out of reach, and no earlier one is known; see Retry-After."),
    },
  },
};
