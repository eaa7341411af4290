import { RotateCw } from "lucide-react";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ApiError } from "@/lib/api-client";

interface PanelErrorProps {
  /** What could not be shown, as the beginning of a sentence: "Spend", "This call". */
  what: string;
  error: unknown;
  /** What did not work, after `what`; for loading it is said already. */
  failure?: string;
  onRetry: () => void;
}

/** Stands where a panel failed: what happened, the request id for the log, and Retry. */
export function PanelError({
  what,
  error,
  failure = "could not be loaded",
  onRetry,
}: PanelErrorProps) {
  const problem = error instanceof ApiError ? error : null;
  return (
    <Alert variant="danger">
      <AlertTitle>{titleOf(what, problem, failure)}</AlertTitle>
      <AlertDescription>
        <p>{problem?.message ?? "The page met an error of its own."}</p>
        {problem?.faults.map((fault) => (
          <p key={`${fault.path} ${fault.message}`}>
            <code className="font-mono text-xs">{fault.path}</code> {fault.message}
          </p>
        ))}
        {problem?.status === 403 && <p>An admin of the project can give you a role that may.</p>}
        <div className="mt-2 flex flex-wrap items-center gap-3">
          <Button size="small" onClick={onRetry}>
            <RotateCw aria-hidden="true" />
            Retry
          </Button>
          {problem?.requestId && (
            <span className="text-ink-muted text-xs">
              Request <code className="select-all font-mono">{problem.requestId}</code>
            </span>
          )}
        </div>
      </AlertDescription>
    </Alert>
  );
}

function titleOf(what: string, problem: ApiError | null, failure: string): string {
  if (problem?.status === 403) return `${what}: your role does not allow it`;
  if (problem?.status === 404) return `${what} was not found`;
  return `${what} ${failure}`;
}
