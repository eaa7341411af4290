import { apiRoute } from "@/lib/api-route";
import { createProject } from "@/lib/projects/create-project";
import { listProjects } from "@/lib/projects/list-projects";
import {
  createProjectSchema,
  projectListSchema,
  projectSchema,
} from "@/lib/projects/project-schemas";

export const GET = apiRoute({ permission: null, response: projectListSchema }, (context) =>
  listProjects(context),
);

export const POST = apiRoute(
  {
    permission: "projects.create",
    body: createProjectSchema,
    response: projectSchema,
    status: 201,
  },
  ({ body, ...context }) => createProject(context, body),
);
