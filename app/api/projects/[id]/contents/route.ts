import { apiRoute } from "@/lib/api-route";
import { deleteContents } from "@/lib/contents/delete-contents";
import { projectParamsSchema } from "@/lib/projects/project-schemas";

export const DELETE = apiRoute(
  { permission: "projects.write", params: projectParamsSchema },
  async ({ params, runtime, ...context }) => {
    await deleteContents({ ...context, clickhouse: runtime.clickhouse }, params.id);
    return new Response(null, { status: 204 });
  },
);
