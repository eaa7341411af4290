import type { Metadata } from "next";
import { LazyDemoOffer } from "@/components/demo/lazy-demo-offer";
import { ProjectsPage } from "@/components/projects/projects-page";

export const metadata: Metadata = { title: "Projects · Settings" };

/** What is kept apart, for how long, and whose cost counts. */
export default function Projects() {
  const demo = (
    <LazyDemoOffer>
      A small company&rsquo;s month, up to now, in a project of its own that can be removed. Loading
      it again adds what came since.
    </LazyDemoOffer>
  );
  return <ProjectsPage demo={demo} />;
}
