import { Skeleton } from "@/components/ui/skeleton";

/** A screen's place until the browser draws it. */
export function ContentSkeleton() {
  return (
    <div className="flex flex-col gap-4" aria-busy="true">
      <h1 className="sr-only">Loading</h1>
      <Skeleton className="h-8.5 w-80 max-w-full" />
      <Skeleton className="h-22" />
      <Skeleton className="h-96" />
    </div>
  );
}
