import type { Metadata } from "next";
import { BrandMark } from "@/components/layout/brand-mark";
import { Button } from "@/components/ui/button";
import { OVERVIEW_PATH } from "@/lib/paths";

export const metadata: Metadata = { title: "Not found" };

/** An address that leads nowhere. A plain link: of next/link every page would load a second copy, for this one. */
export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-6 text-center">
      <BrandMark />
      <h1 className="font-semibold text-lg">There is nothing at this address</h1>
      <p className="max-w-sm text-ink-muted text-sm">
        The link may be old, or a character of it got lost on the way.
      </p>
      <Button asChild variant="primary">
        <a href={OVERVIEW_PATH}>Go to the Overview</a>
      </Button>
    </main>
  );
}
