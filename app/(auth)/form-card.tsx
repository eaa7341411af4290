import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";

/** The page's one card. Its title is the page's `h1`. */
export function FormCard(props: { title: string; lead: ReactNode; children?: ReactNode }) {
  return (
    <Card className="p-5 sm:p-6">
      <h1 className="font-semibold text-xl">{props.title}</h1>
      <p className="mt-1.5 text-ink-muted text-sm">{props.lead}</p>
      {props.children}
    </Card>
  );
}
