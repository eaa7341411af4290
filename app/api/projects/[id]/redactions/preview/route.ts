import { apiRoute } from "@/lib/api-route";
import {
  redactionPreviewAnswerSchema,
  redactionPreviewSchema,
} from "@/lib/contents/content-schemas";
import { previewRedaction } from "@/lib/contents/preview-redaction";
import { projectParamsSchema } from "@/lib/projects/project-schemas";

export const POST = apiRoute(
  {
    permission: "projects.write",
    params: projectParamsSchema,
    body: redactionPreviewSchema,
    response: redactionPreviewAnswerSchema,
  },
  async ({ params, body, ...context }) => previewRedaction(context, params.id, body),
);
