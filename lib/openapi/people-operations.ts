import {
  callParamsSchema,
  callQuerySchema,
  callsAnswerSchema,
  callsParameters,
  wholeCallSchema,
} from "@/lib/calls/call-schemas";
import { exportParameters } from "@/lib/export/export-schemas";
import {
  integrityAnswerSchema,
  integrityQuerySchema,
  integrityRunSchema,
} from "@/lib/integrity/integrity-schemas";
import {
  createdKeySchema,
  createKeySchema,
  keyListSchema,
  keyParamsSchema,
  keySchema,
  updateKeySchema,
} from "@/lib/keys/key-schemas";
import { ALERT_OPERATIONS } from "@/lib/openapi/alert-operations";
import { ALERT_RULE_OPERATIONS } from "@/lib/openapi/alert-rule-operations";
import { BUDGET_OPERATIONS } from "@/lib/openapi/budget-operations";
import { CONTENT_OPERATIONS } from "@/lib/openapi/content-operations";
import { CORRECTION_OPERATIONS } from "@/lib/openapi/correction-operations";
import { MEMBER_OPERATIONS } from "@/lib/openapi/member-operations";
import type { Operation } from "@/lib/openapi/operation";
import { SETTINGS_OPERATIONS } from "@/lib/openapi/settings-operations";
import { SWITCH_OPERATIONS } from "@/lib/openapi/switch-operations";
import { TRACE_OPERATIONS } from "@/lib/openapi/trace-operations";
import { VIEW_OPERATIONS } from "@/lib/openapi/view-operations";
import {
  createdPriceSchema,
  createPriceSchema,
  listPricesQuerySchema,
  priceListSchema,
  priceOverrideSchema,
  priceParamsSchema,
  updatePriceSchema,
} from "@/lib/prices/price-schemas";
import { unpricedAnswerSchema, unpricedQuerySchema } from "@/lib/prices/unpriced-schemas";
import {
  createProjectSchema,
  projectListSchema,
  projectParamsSchema,
  projectSchema,
  updateProjectSchema,
} from "@/lib/projects/project-schemas";
import {
  rejectionParamsSchema,
  rejectionSchema,
  rejectionsAnswerSchema,
  rejectionsQuerySchema,
} from "@/lib/rejections/rejection-schemas";
import { sessionsAnswerSchema, sessionsParameters } from "@/lib/sessions/session-schemas";
import { spendAnswerSchema, spendParameters } from "@/lib/spend/spend-schemas";
import { meSchema } from "@/lib/users/me-schemas";
import { setupAnswerSchema, setupSchema } from "@/lib/users/setup-schemas";

/** `filter.<dimension>` has no name of its own in OpenAPI: any number of them, any dimension. */
const FILTERS =
  "Filter with `filter.<dimension>=value`; repeated it means any of them, empty it means untagged. An unknown name is 400.";

/** Every endpoint of the people's API. A test holds this list against the routes. */
export const PEOPLE_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/spend",
    summary: "What was spent, by dimension and time",
    description: FILTERS,
    permission: "spend.read",
    query: spendParameters,
    response: spendAnswerSchema,
  },
  {
    method: "get",
    path: "/api/calls",
    summary: "Calls, newest first",
    description: FILTERS,
    permission: "calls.read",
    query: callsParameters,
    response: callsAnswerSchema,
  },
  {
    method: "get",
    path: "/api/export",
    summary: "A question's whole answer as a file of any size",
    description: `${FILTERS} Of spend: the bucket, the dimensions, the figures and the range, one line a group and bucket, no line of totals. Empty is unknown or untagged. Text that a spreadsheet would run as a formula gets a leading apostrophe. A connection that breaks off means a part of a file. Takes \`spend.read\`, for calls \`calls.read\`.`,
    permission: null,
    query: exportParameters,
    file: "text/csv",
  },
  {
    method: "get",
    path: "/api/calls/{id}",
    summary: "One whole call with its price lines",
    permission: "calls.read",
    params: callParamsSchema,
    query: callQuerySchema,
    response: wholeCallSchema,
  },
  {
    method: "get",
    path: "/api/integrity",
    summary: "Whether calls, rollups and counters agree, by project and UTC day",
    description: "With what was rejected, gaps in producers' numbers, and how far each process is.",
    permission: "integrity.read",
    query: integrityQuerySchema,
    response: integrityAnswerSchema,
  },
  {
    method: "post",
    path: "/api/integrity/check",
    summary: "Compare every day now",
    description: "It begins within seconds; one that is under way is answered instead.",
    permission: "integrity.check",
    response: integrityRunSchema,
    status: 202,
  },
  {
    method: "get",
    path: "/api/rejections",
    summary: "Events that do not count, with the reason",
    permission: "calls.read",
    query: rejectionsQuerySchema,
    response: rejectionsAnswerSchema,
  },
  {
    method: "post",
    path: "/api/rejections/{id}/retry",
    summary: "Try such an event again",
    permission: "rejections.retry",
    params: rejectionParamsSchema,
    response: rejectionSchema,
    status: 202,
  },
  ...BUDGET_OPERATIONS,
  ...SWITCH_OPERATIONS,
  ...ALERT_OPERATIONS,
  ...ALERT_RULE_OPERATIONS,
  ...CORRECTION_OPERATIONS,
  ...VIEW_OPERATIONS,
  {
    method: "get",
    path: "/api/sessions",
    summary: "Sessions, costliest first; a trace without a session is one of its own",
    description: FILTERS,
    permission: "calls.read",
    query: sessionsParameters,
    response: sessionsAnswerSchema,
  },
  ...TRACE_OPERATIONS,
  {
    method: "get",
    path: "/api/prices",
    summary: "The price book: overrides and list prices",
    permission: "prices.read",
    query: listPricesQuerySchema,
    response: priceListSchema,
  },
  {
    method: "get",
    path: "/api/prices/unpriced",
    summary: "Models whose calls have no price, or one for a part only, most calls first",
    description: "Its counts are those of GET /api/spend.",
    permission: "prices.read",
    query: unpricedQuerySchema,
    response: unpricedAnswerSchema,
  },
  {
    method: "post",
    path: "/api/prices",
    summary: "Add a price of your own",
    description: "It closes the open one of the same model; calls received from then on use it.",
    permission: "prices.write",
    body: createPriceSchema,
    response: createdPriceSchema,
    status: 201,
  },
  {
    method: "patch",
    path: "/api/prices/{id}",
    summary: "Close a price, or change its note",
    permission: "prices.write",
    params: priceParamsSchema,
    body: updatePriceSchema,
    response: priceOverrideSchema,
  },
  {
    method: "get",
    path: "/api/keys",
    summary: "Keys, never the key itself",
    permission: "keys.read",
    response: keyListSchema,
  },
  {
    method: "post",
    path: "/api/keys",
    summary: "Make a key, shown this once",
    permission: "keys.write",
    body: createKeySchema,
    response: createdKeySchema,
    status: 201,
  },
  {
    method: "patch",
    path: "/api/keys/{id}",
    summary: "Rename a key",
    permission: "keys.write",
    params: keyParamsSchema,
    body: updateKeySchema,
    response: keySchema,
  },
  {
    method: "post",
    path: "/api/keys/{id}/rotate",
    summary: "Make a key with the same name and scopes, shown this once",
    description: "The old one goes on working until it is revoked.",
    permission: "keys.write",
    params: keyParamsSchema,
    response: createdKeySchema,
    status: 201,
  },
  {
    method: "delete",
    path: "/api/keys/{id}",
    summary: "Revoke a key",
    permission: "keys.write",
    params: keyParamsSchema,
    response: keySchema,
  },
  {
    method: "get",
    path: "/api/projects",
    summary: "Projects one may see",
    permission: null,
    response: projectListSchema,
  },
  {
    method: "post",
    path: "/api/projects",
    summary: "Add a project",
    permission: "projects.create",
    body: createProjectSchema,
    response: projectSchema,
    status: 201,
  },
  {
    method: "patch",
    path: "/api/projects/{id}",
    summary: "Change a project",
    permission: "projects.write",
    params: projectParamsSchema,
    body: updateProjectSchema,
    response: projectSchema,
  },
  {
    method: "delete",
    path: "/api/projects/{id}",
    summary: "Remove a demo project with its calls",
    permission: "projects.create",
    params: projectParamsSchema,
    status: 204,
  },
  ...CONTENT_OPERATIONS,
  ...SETTINGS_OPERATIONS,
  ...MEMBER_OPERATIONS,
  {
    method: "get",
    path: "/api/me",
    summary: "Who asks, and what they may do",
    permission: null,
    response: meSchema,
  },
  {
    method: "post",
    path: "/api/setup",
    summary: "Make the first admin, with the token of the setup link",
    permission: "public",
    body: setupSchema,
    response: setupAnswerSchema,
    status: 201,
  },
];
