import path from "node:path";

/**
 * Where the numbered migrations are. Taken from the working directory, not from this file's own place:
 * the built server is one bundle in `dist/`, and `npm start` always runs it from the project's root.
 */
export function migrationsFolder(): string {
  return path.join(process.cwd(), "db", "migrations");
}
