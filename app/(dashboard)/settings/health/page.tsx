import type { Metadata } from "next";
import { HealthPage } from "@/components/health/health-page";

export const metadata: Metadata = { title: "Health · Settings" };

/** Does everything run, and is there room? */
export default function Health() {
  return <HealthPage />;
}
