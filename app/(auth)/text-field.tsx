import type { ComponentProps } from "react";
import { Field } from "@/components/ui/field";

/** A field as a page has it that is nothing but its form: higher than those beside other things. */
export function TextField(props: ComponentProps<typeof Field> & { name: string }) {
  return <Field className="h-10" {...props} />;
}
