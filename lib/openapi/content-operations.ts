import { callParamsSchema, callQuerySchema } from "@/lib/calls/call-schemas";
import {
  callContentSchema,
  redactionPreviewAnswerSchema,
  redactionPreviewSchema,
} from "@/lib/contents/content-schemas";
import type { Operation } from "@/lib/openapi/operation";
import { projectParamsSchema } from "@/lib/projects/project-schemas";
import { tagPreviewAnswerSchema, tagPreviewInputSchema } from "@/lib/traces/tag-preview-schemas";

/** What was said in calls. */
export const CONTENT_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/calls/{id}/content",
    summary: "What was said in a call, where its project keeps that",
    description: "Reading it is written down: once an hour for each reader and call.",
    permission: "content.read",
    params: callParamsSchema,
    query: callQuerySchema,
    response: callContentSchema,
  },
  {
    method: "delete",
    path: "/api/projects/{id}/contents",
    summary: "Delete everything that was said in a project's calls",
    description: "The calls and what they cost stay. 409 while the project keeps content.",
    permission: "projects.write",
    params: projectParamsSchema,
    status: 204,
  },
  {
    method: "post",
    path: "/api/projects/{id}/redactions/preview",
    summary: "What would be taken out of a text",
    permission: "projects.write",
    params: projectParamsSchema,
    body: redactionPreviewSchema,
    response: redactionPreviewAnswerSchema,
  },
  {
    method: "post",
    path: "/api/projects/{id}/tag-mapping/preview",
    summary: "What rules for tags would make of spans that came lately",
    permission: "projects.write",
    params: projectParamsSchema,
    body: tagPreviewInputSchema,
    response: tagPreviewAnswerSchema,
  },
];
