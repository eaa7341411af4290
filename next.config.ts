import type { NextConfig } from "next";

/**
 * Native and WebAssembly engines stay outside the bundles: a bundled copy would open the same data
 * directory a second time.
 */
const config: NextConfig = {
  serverExternalPackages: [
    "chdb",
    "@clickhouse/client",
    "@electric-sql/pglite",
    "@electric-sql/pglite-tools",
    "lmdb",
    "postgres",
    "pino",
    "@pydantic/genai-prices",
  ],
  // `npm run check` type-checks everything with the native compiler; a second pass here would only be slower.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
};

export default config;
