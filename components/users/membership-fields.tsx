"use client";

import { Plus, X } from "lucide-react";
import { useWorkspace } from "@/components/layout/workspace";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/field";
import { describeRole, roleName } from "@/components/users/describe-role";
import { ROLES } from "@/lib/permissions";
import type { UserAnswer } from "@/lib/users/user-schemas";

type Memberships = UserAnswer["memberships"];

interface MembershipFieldsProps {
  memberships: Memberships;
  onChange: (memberships: Memberships) => void;
}

/** No project has this slug: `*` may not stand in one. */
const EVERYWHERE = "*";
const ROLE_CHOICES = ROLES.map((role) => ({ value: role, label: roleName(role) }));

/** A role a line, each for every project or for one, with what it may do in words. */
export function MembershipFields({ memberships, onChange }: MembershipFieldsProps) {
  const { projects } = useWorkspace();
  const places = [
    { value: EVERYWHERE, label: "Every project" },
    ...projects.map(({ slug, name }) => ({ value: slug, label: name })),
  ];
  const taken = new Set(memberships.map(({ project }) => project ?? EVERYWHERE));
  const free = places.filter(({ value }) => !taken.has(value));
  const replace = (index: number, change: Partial<Memberships[number]>) =>
    onChange(memberships.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium text-[13px]">Roles</legend>
      {memberships.map(({ project, role }, index) => {
        const place = project ?? EVERYWHERE;
        return (
          <div key={place} className="flex flex-wrap items-end gap-2">
            <div className="min-w-32 flex-1">
              <ChoiceField
                label="Where"
                value={place}
                options={places.filter(({ value }) => value === place || !taken.has(value))}
                onChoose={(chosen) =>
                  replace(index, { project: chosen === EVERYWHERE ? null : chosen })
                }
              />
            </div>
            <div className="min-w-32 flex-1">
              <ChoiceField
                label="Role"
                value={role}
                options={ROLE_CHOICES}
                onChoose={(chosen) => replace(index, { role: chosen })}
              />
            </div>
            {memberships.length > 1 && (
              <Button
                size="icon"
                aria-label={`Remove the role ${index + 1}`}
                onClick={() => onChange(memberships.filter((_, at) => at !== index))}
              >
                <X aria-hidden="true" />
              </Button>
            )}
            <p className="basis-full text-[13px] text-ink-muted">
              {describeRole(role, project === null)}
            </p>
          </div>
        );
      })}
      {free[0] && (
        <Button
          size="small"
          className="self-start"
          onClick={() => onChange([...memberships, { project: toProject(free), role: "viewer" }])}
        >
          <Plus aria-hidden="true" />
          Another role
        </Button>
      )}
    </fieldset>
  );
}

/** The first place that has no role yet; one project rather than every one. */
function toProject(free: readonly { value: string }[]): string | null {
  return free.find(({ value }) => value !== EVERYWHERE)?.value ?? null;
}
