import type { Exchange } from "@/ingest/exchange";
import type { IngestProject, ProjectLookup } from "@/ingest/project-lookup";
import { readRequestKey } from "@/ingest/request-key";
import { OutlayError } from "@/lib/errors";
import type { KeyVerifier, VerifiedKey } from "@/lib/keys/verify-key";
import type { KeyScope } from "@/lib/permissions";

/** Who sends, and into which project. */
export interface Sender extends IngestProject {
  apiKeyId: string;
}

/**
 * Finds who sends a request and checks that they may.
 * A key writes into its own project. Only an installation key may name another with `project=<slug>`; to any
 * other key a project that is not its own answers 403 whether it exists or not.
 * @param parameters what the query may hold beside `project`
 * @throws OutlayError 401, 403, 400 for an unknown parameter, 404 for an unknown project.
 */
export async function authorize(
  { request, query }: Exchange,
  scope: KeyScope,
  deps: { keys: KeyVerifier; findProject: ProjectLookup },
  parameters: readonly string[] = [],
): Promise<Sender> {
  const presented = readRequestKey(request.headers);
  if (!presented) {
    const detail = "Send a key: Authorization: Bearer <key>, or x-api-key.";
    throw new OutlayError("unauthorized", detail);
  }
  const key = await deps.keys.verify(presented);
  if (!key) throw new OutlayError("unauthorized", "This key is unknown or revoked.");
  if (!key.scopes.includes(scope)) {
    throw new OutlayError("forbidden", `This key does not have the scope ${scope}.`);
  }
  const slug = readProjectParameter(query, parameters);
  return { ...(await projectOf(key, slug, deps.findProject)), apiKeyId: key.keyId };
}

async function projectOf(
  key: VerifiedKey,
  slug: string | null,
  findProject: ProjectLookup,
): Promise<IngestProject> {
  if (slug === null || slug === key.projectSlug) return key;
  if (!key.isInstallation) {
    throw new OutlayError("forbidden", "This key belongs to another project.");
  }
  const project = await findProject(slug);
  if (project) return project;
  throw new OutlayError("not_found", "There is no such project.", {
    errors: [{ path: "project", message: "is not the slug of a project" }],
  });
}

function readProjectParameter(query: string, others: readonly string[]): string | null {
  if (query === "") return null;
  const parameters = new URLSearchParams(query);
  for (const name of parameters.keys()) {
    if (name === "project" || others.includes(name)) continue;
    const errors = [{ path: name.slice(0, 100), message: "is not a known parameter" }];
    throw new OutlayError("bad_request", "Unknown parameter.", { errors });
  }
  const projects = parameters.getAll("project");
  const [project] = projects;
  if (project === undefined) return null;
  if (projects.length === 1 && project !== "" && project !== "*") return project;
  throw new OutlayError("bad_request", "This is about one project.", {
    errors: [{ path: "project", message: "must be the slug of one project" }],
  });
}
