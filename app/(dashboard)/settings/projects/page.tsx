import type { Metadata } from "next";
import { ProjectsPage } from "@/components/projects/projects-page";

export const metadata: Metadata = { title: "Projects · Settings" };

/** What is kept apart, for how long, and whose cost counts. */
export default function Projects() {
  return <ProjectsPage />;
}
