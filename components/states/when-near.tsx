"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { usePresence } from "@/components/states/use-presence";

interface WhenNearProps {
  /** Holds the place, in its size. */
  fallback: ReactNode;
  children: ReactNode;
}

/** What stands below the first sight of a page: it is asked for and drawn once it is in sight, or once somebody is there. */
export function WhenNear({ fallback, children }: WhenNearProps) {
  const isSomebodyHere = usePresence();
  const [isNear, setNear] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const isShown = isSomebodyHere || isNear;
  useEffect(() => {
    const element = place.current;
    if (!element || isShown) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isShown]);
  return isShown ? children : <div ref={place}>{fallback}</div>;
}
