import { randomUUID } from "node:crypto";
import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { createAuthOptions } from "@/lib/auth/auth-options";
import { addressOfRequest, originOfRequest } from "@/lib/auth/client-of-request";
import { getRuntime } from "@/lib/runtime";

interface Segments {
  params: Promise<{ nextauth: string[] }>;
}

/** Sign-in and sign-out. Options are made for each request: they hold the stores, which exist only then. */
async function handle(request: NextRequest, segments: Segments): Promise<Response> {
  // next-auth's browser half posts its errors here: anybody could write into our log.
  if ((await segments.params).nextauth[0] === "_log") return new Response(null, { status: 204 });
  const runtime = getRuntime();
  const { headers } = request;
  const options = createAuthOptions(runtime, {
    origin: originOfRequest(headers, runtime),
    address: addressOfRequest(headers),
    requestId: randomUUID(),
  });
  return NextAuth(request, segments, options);
}

export { handle as GET, handle as POST };
