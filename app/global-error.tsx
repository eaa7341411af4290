"use client";

import "@/app/globals.css";

/** The last resort, when the document itself failed: no provider can be relied on here. */
export default function GlobalErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto flex max-w-xl flex-col items-start gap-3 p-6">
          <title>Outlay failed</title>
          <h1 className="font-semibold text-lg">Outlay could not draw this page</h1>
          <p className="text-sm">Nothing was lost: events go on being counted.</p>
          <button type="button" onClick={reset} className="rounded-control border px-3 py-1.5">
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
