"use client";

import { ChevronsUpDown } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { CALLS_PATH, withQuery } from "@/lib/paths";

/** Which project's figures show; the choice is in the URL. */
export function ProjectSwitcher() {
  const { projects, project, setProject } = useWorkspace();
  const pathname = usePathname();
  const router = useRouter();
  // A call belongs to one project: another project's page of it would only say "not found".
  const choose = (slug: string) => {
    if (pathname.startsWith(`${CALLS_PATH}/`)) {
      const search = new URLSearchParams(slug === ALL_PROJECTS ? {} : { project: slug });
      router.push(withQuery(CALLS_PATH, search));
    } else setProject(slug);
  };
  const current = projects.find(({ slug }) => slug === project);
  const name = current?.name ?? (project === ALL_PROJECTS ? "All projects" : project);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button aria-label={`Project: ${name}`} className="min-w-0 shrink">
          <span className="truncate">{name}</span>
          {current?.is_demo && <Badge variant="caution">Demo</Badge>}
          <ChevronsUpDown aria-hidden="true" className="size-3.5 text-ink-muted" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" className="min-w-56">
        <DropdownMenuLabel>Project</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={project} onValueChange={choose}>
          <DropdownMenuRadioItem value={ALL_PROJECTS}>All projects</DropdownMenuRadioItem>
          <DropdownMenuSeparator />
          {projects.map(({ id, slug, name, is_demo }) => (
            <DropdownMenuRadioItem key={id} value={slug}>
              <span className="truncate">{name}</span>
              {is_demo && <Badge variant="caution">Demo</Badge>}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
