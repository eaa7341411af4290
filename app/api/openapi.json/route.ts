import { publicRoute } from "@/lib/api-route";
import { buildOpenApi } from "@/lib/openapi/build-openapi";

/** The same for everybody and for as long as the process lives. */
const document = buildOpenApi();

export const GET = publicRoute({}, async () => document);
