import { BrandMark } from "@/components/layout/brand-mark";
import { PointedLink } from "@/components/ui/pointed-link";
import { OVERVIEW_PATH } from "@/lib/paths";

/** The name with its mark: three layers of a stack. */
export function Brand() {
  return (
    <PointedLink
      href={OVERVIEW_PATH}
      className="flex h-8.5 items-center gap-2 rounded-control px-1 font-semibold text-base"
    >
      <BrandMark />
      Outlay
    </PointedLink>
  );
}
