import type { ReactNode } from "react";
import { CardDescription, CardHeader, CardTitle } from "@/components/ui/card";

interface TitledProps {
  title: string;
  description?: string;
  children: ReactNode;
}

/** A panel's content under its heading. */
export function Titled({ title, description, children }: TitledProps) {
  return (
    <>
      <CardHeader className="flex-col gap-0.5 pb-2">
        <CardTitle>{title}</CardTitle>
        {description && <CardDescription>{description}</CardDescription>}
      </CardHeader>
      {children}
    </>
  );
}
