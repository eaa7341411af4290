import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import type { HealthAnswer } from "@/lib/health/health-schemas";

/** The answer in words: all runs, or what does not. */
export function HealthVerdict({ health: { readiness } }: { health: HealthAnswer }) {
  if (!readiness.known) {
    return (
      <Alert variant="danger">
        <AlertTitle>Whether everything runs is not known</AlertTitle>
        <AlertDescription>{readiness.reason}</AlertDescription>
      </Alert>
    );
  }
  if (readiness.faults.length === 0) {
    return (
      <Alert variant="good">
        <AlertTitle>Everything runs: events are taken, and both stores answer</AlertTitle>
      </Alert>
    );
  }
  return (
    <Alert variant={readiness.ready ? "caution" : "danger"}>
      <AlertTitle>
        {readiness.ready ? "It runs, degraded" : "This process cannot do its job"}
      </AlertTitle>
      <AlertDescription>
        {readiness.faults.map((fault) => (
          <p key={fault}>{fault}</p>
        ))}
      </AlertDescription>
    </Alert>
  );
}
