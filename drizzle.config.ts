import { defineConfig } from "drizzle-kit";

/** Only for writing migrations (`npx drizzle-kit generate`); the process applies them itself at start. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./db/schema",
  out: "./db/migrations",
});
