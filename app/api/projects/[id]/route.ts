import { apiRoute } from "@/lib/api-route";
import { deleteDemoProject } from "@/lib/projects/delete-demo-project";
import {
  projectParamsSchema,
  projectSchema,
  updateProjectSchema,
} from "@/lib/projects/project-schemas";
import { updateProject } from "@/lib/projects/update-project";

export const PATCH = apiRoute(
  {
    permission: "projects.write",
    params: projectParamsSchema,
    body: updateProjectSchema,
    response: projectSchema,
  },
  ({ params, body, runtime, ...context }) =>
    updateProject({ ...context, keys: runtime.keys }, params.id, body),
);

export const DELETE = apiRoute(
  { permission: "projects.create", params: projectParamsSchema },
  async ({ params, runtime, ...context }) => {
    const { keys, clickhouse } = runtime;
    await deleteDemoProject({ ...context, keys, clickhouse }, params.id);
    return new Response(null, { status: 204 });
  },
);
