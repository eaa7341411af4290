import { listVersions } from "@/components/health/prepare-health";
import { Card } from "@/components/ui/card";
import { UNKNOWN } from "@/lib/format";
import type { HealthAnswer } from "@/lib/health/health-schemas";

/** What runs, for whoever reports a fault. */
export function VersionsCard({ health }: { health: HealthAnswer }) {
  return (
    <Card aria-label="Versions" className="p-4">
      <h2 className="font-semibold text-[15px]">Versions</h2>
      <dl className="mt-2 grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-4">
        {listVersions(health).map(({ name, version, note }) => (
          <div key={name}>
            <dt className="text-[13px] text-ink-muted">{name}</dt>
            <dd className="tabular font-medium text-sm">{version ?? UNKNOWN}</dd>
            {note && <dd className="text-[13px] text-ink-muted">{note}</dd>}
          </div>
        ))}
      </dl>
    </Card>
  );
}
