"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { ApiError } from "@/lib/api-client";
import { SIGN_IN_PATH, signInPath } from "@/lib/paths";

/** What every page needs around it: theme, URL state, server state. */
export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      <NuqsAdapter>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </NuqsAdapter>
    </ThemeProvider>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveOnceWhenSignedOut() }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // A fault of the question stays one; only a server or network fault is worth a second try.
        retry: (failures, error) => failures < 1 && !(error instanceof ApiError && isFinal(error)),
        retryDelay: 600,
      },
    },
  });
}

function isFinal(error: ApiError): boolean {
  return error.status >= 400 && error.status < 500;
}

/**
 * A session can end while a page is open: go and sign in, and come back to this very view. Once: every
 * question of the page is refused at the same time, and a second leave would cut the first one off.
 */
function leaveOnceWhenSignedOut(): (error: unknown) => void {
  let isLeaving = false;
  return (error) => {
    if (isLeaving || !(error instanceof ApiError) || error.status !== 401) return;
    const { pathname, search } = window.location;
    if (pathname === SIGN_IN_PATH) return;
    isLeaving = true;
    window.location.assign(signInPath(`${pathname}${search}`));
  };
}
