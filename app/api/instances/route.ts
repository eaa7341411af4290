import { apiRoute } from "@/lib/api-route";
import { instanceListSchema, instancesQuerySchema } from "@/lib/instances/instance-schemas";
import { listInstances } from "@/lib/instances/list-instances";

export const GET = apiRoute(
  { permission: "switches.read", query: instancesQuerySchema, response: instanceListSchema },
  ({ db, projects, query }) => listInstances({ db, projects }, query),
);
