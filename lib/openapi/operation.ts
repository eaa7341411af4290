import { z } from "zod";
import type { ZodOpenApiOperationObject } from "zod-openapi";
import type { Permission } from "@/lib/permissions";

/** What one endpoint takes and gives; the schemas are those its route validates with. */
export interface Operation {
  method: "get" | "post" | "put" | "patch" | "delete";
  path: `/${string}`;
  summary: string;
  description?: string;
  /** What it takes; null: being signed in, or any key; "public": nobody signs in for it. */
  permission: Permission | null | "public";
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  response?: z.ZodType;
  /** Media type of an answer that is a file. */
  file?: string;
  /** Status of a success; 200 unless told. */
  status?: number;
}

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    request_id: z.string().optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457. `errors` names each fault of the input." });

const projectParameter = z.object({
  project: z.string().optional().meta({
    description: "A project's slug, or * for all. Default: the key's own, or all one may see.",
  }),
});

const PROBLEM = {
  description: "What went wrong.",
  content: { "application/problem+json": { schema: problemSchema } },
};

/** Writes an operation as OpenAPI. */
export function toOpenApi(operation: Operation): ZodOpenApiOperationObject {
  const {
    summary,
    description,
    permission,
    params,
    query,
    body,
    response,
    file,
    status = 200,
  } = operation;
  const isPublic = permission === "public";
  const parameters =
    query?.extend(isPublic ? {} : projectParameter.shape) ??
    (isPublic ? undefined : projectParameter);
  const takes = permission && !isPublic ? `Takes the permission \`${permission}\`.` : "";
  return {
    operationId: `${operation.method}${operation.path.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary,
    tags: [operation.path.split("/")[2] ?? ""],
    ...(description || takes
      ? { description: [description, takes].filter(Boolean).join(" ") }
      : {}),
    requestParams: {
      ...(params ? { path: params } : {}),
      ...(parameters ? { query: parameters } : {}),
    },
    ...(body
      ? { requestBody: { required: true, content: { "application/json": { schema: body } } } }
      : {}),
    responses: {
      [String(status)]: {
        description: status === 204 ? "Done." : "The answer.",
        ...(response ? { content: { "application/json": { schema: response } } } : {}),
        ...(file ? { content: { [file]: { schema: z.string() } } } : {}),
      },
      default: PROBLEM,
    },
    ...(isPublic ? { security: [] } : {}),
  };
}
