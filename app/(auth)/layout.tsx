import type { ReactNode } from "react";
import { BrandMark } from "@/components/layout/brand-mark";

/** Pages before anybody is signed in: one card in the middle, nothing to wander off to. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center bg-surface px-4 py-10 sm:justify-center">
      <div className="w-full max-w-md">
        <p className="mb-5 flex items-center justify-center gap-2 font-semibold text-ink text-lg">
          <BrandMark />
          Outlay
        </p>
        {children}
      </div>
    </main>
  );
}
