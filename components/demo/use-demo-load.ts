import {
  type UseMutationResult,
  useIsMutating,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { type DemoProgress, loadDemo } from "@/components/demo/load-demo";
import { FIRST_RUN_WORK } from "@/components/layout/first-run-work";

const PROGRESS = ["demo progress"] as const;

/** The load of the demo, and how far it is: it goes on, and is seen, on every screen of this tab. */
export function useDemoLoad(): {
  load: UseMutationResult<void, Error, void>;
  isLoading: boolean;
  progress: DemoProgress | null;
} {
  const queries = useQueryClient();
  const isLoading = useIsMutating({ mutationKey: FIRST_RUN_WORK }) > 0;
  const { data } = useQuery<DemoProgress | null>({
    queryKey: PROGRESS,
    // Nobody is asked: the load itself says how far it is.
    queryFn: () => null,
    enabled: false,
  });
  const load = useMutation({
    mutationKey: FIRST_RUN_WORK,
    mutationFn: () => {
      queries.setQueryData(PROGRESS, null);
      return loadDemo((progress) => queries.setQueryData(PROGRESS, progress));
    },
    onSettled: () => queries.invalidateQueries(),
  });
  useEffect(() => {
    if (!isLoading) return;
    // Leaving now would leave half a month; coming back and loading again makes it whole.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isLoading]);
  return { load, isLoading, progress: data ?? null };
}
