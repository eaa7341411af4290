import { apiRoute } from "@/lib/api-route";
import { projectParamsSchema } from "@/lib/projects/project-schemas";
import { getRuntime } from "@/lib/runtime";
import { previewTagMapping } from "@/lib/traces/preview-tag-mapping";
import { tagPreviewAnswerSchema, tagPreviewInputSchema } from "@/lib/traces/tag-preview-schemas";

export const POST = apiRoute(
  {
    permission: "projects.write",
    params: projectParamsSchema,
    body: tagPreviewInputSchema,
    response: tagPreviewAnswerSchema,
  },
  async ({ params, body, ...context }) =>
    previewTagMapping(context, getRuntime().previewTags, params.id, body),
);
