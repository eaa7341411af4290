import type { Metadata } from "next";
import { Explore } from "@/components/spend/explore";

export const metadata: Metadata = { title: "Explore" };

/** Where does it go? */
export default function ExplorePage() {
  return <Explore />;
}
