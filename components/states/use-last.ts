"use client";

import { useState } from "react";

/**
 * The value, or the last one there was while the next is on its way: a question that changes keeps the
 * old answer on the screen. Pass a stable (memoised) value.
 */
export function useLast<Value>(value: Value | null): Value | null {
  const [last, setLast] = useState(value);
  if (value !== null && value !== last) setLast(value);
  return value ?? last;
}
