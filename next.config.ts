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
  // What reads the address on the server is a second copy of what nuqs has for the browser already.
  turbopack: { resolveAlias: { "nuqs/server": { browser: "nuqs" } } },
  // `npm run check` type-checks everything with the native compiler; a second pass here would only be slower.
  typescript: { ignoreBuildErrors: true },
  // Nobody frames a page with a kill switch on it, guesses our types, or learns our paths from a link.
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Content-Security-Policy", value: "frame-ancestors 'none'; base-uri 'self'" },
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "Referrer-Policy", value: "same-origin" },
      ],
    },
  ],
  poweredByHeader: false,
  reactStrictMode: true,
};

export default config;
