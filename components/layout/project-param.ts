import { parseAsString } from "nuqs/server";

/** All projects that the person may see. */
export const ALL_PROJECTS = "*";

/** Whose figures show, in the URL: a project's slug. Server and browser read it alike. */
export const PROJECT_PARAM = { project: parseAsString.withDefault(ALL_PROJECTS) };
