"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link that loads its page when it is pointed at or focused, not when it comes into sight: a table has a hundred
 * of them, and what they load ahead would stand before the figures in the browser's queue.
 */
export function PointedLink({
  onPointerEnter,
  onFocus,
  ...props
}: Omit<ComponentProps<typeof Link>, "prefetch">) {
  const [isPointedAt, setPointedAt] = useState(false);
  return (
    <Link
      {...props}
      prefetch={isPointedAt ? null : false}
      onPointerEnter={(event) => {
        setPointedAt(true);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        setPointedAt(true);
        onFocus?.(event);
      }}
    />
  );
}
