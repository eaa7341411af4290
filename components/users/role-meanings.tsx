import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { listRights, roleName } from "@/components/users/describe-role";
import { ROLES } from "@/lib/permissions";

/** What each role may do, read from the table that decides it. */
export function RoleMeanings() {
  return (
    <Card aria-label="What each role may do">
      <CardHeader>
        <CardTitle>What each role may do</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
        {ROLES.map((role) => (
          <section key={role} aria-label={roleName(role)}>
            <h3 className="font-medium text-[13px]">{roleName(role)}</h3>
            <ul className="mt-1 list-disc pl-4 text-[13px] text-ink-muted">
              {listRights(role, true).map((right) => (
                <li key={right}>{right}</li>
              ))}
            </ul>
          </section>
        ))}
      </CardContent>
      <p className="px-4 pb-4 text-[13px] text-ink-muted">
        What concerns every project (making one, members, the organisation) takes the role in every
        project; a role in one project counts there alone.
      </p>
    </Card>
  );
}
