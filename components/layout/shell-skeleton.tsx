import { BrandMark } from "@/components/layout/brand-mark";
import { ContentSkeleton } from "@/components/layout/content-skeleton";
import { Skeleton } from "@/components/ui/skeleton";

/** The shell's place while the workspace loads. */
export function ShellSkeleton() {
  return (
    <div className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)]" aria-busy="true">
      <div className="hidden h-dvh border-line border-r bg-surface p-3 lg:block">
        <div className="flex h-8.5 items-center gap-2 px-1 font-semibold text-base">
          <BrandMark />
          Outlay
        </div>
      </div>
      <main className="min-w-0">
        <div className="flex h-13 items-center border-line border-b px-3 sm:px-5">
          <Skeleton className="h-8.5 w-36" />
        </div>
        <div className="px-3 py-4 sm:px-5 sm:py-5">
          <ContentSkeleton />
        </div>
      </main>
    </div>
  );
}
