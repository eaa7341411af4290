"use client";

import { PanelError } from "@/components/states/panel-error";

/** A page that failed to draw. The digest finds the fault in the server's log. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main className="mx-auto flex max-w-xl flex-col gap-2 p-6">
      <h1 className="sr-only">This page failed</h1>
      <PanelError what="This page" error={error} onRetry={reset} />
      {error.digest && (
        <p className="text-ink-muted text-xs">
          Reference <code className="select-all font-mono">{error.digest}</code>
        </p>
      )}
    </main>
  );
}
