"use client";

import { useQueryStates } from "nuqs";
import { Fragment, useMemo } from "react";
import type { CostTree } from "@/components/traces/cost-tree";
import { findMoneyPath } from "@/components/traces/money-path";
import { SESSION_PARAMS } from "@/components/traces/session-params";

/** Where the money went, in one line; each part of it leads to its step. */
export function MoneyPath({ tree }: { tree: CostTree }) {
  const [, setParams] = useQueryStates(SESSION_PARAMS, { history: "push" });
  const hops = useMemo(() => findMoneyPath(tree), [tree]);
  if (hops.length === 0) {
    return (
      <p className="text-ink-muted text-sm">
        {tree.totalUsd === null
          ? "No price is known of any of it, so nobody can say where the money went."
          : tree.totalUsd === 0n
            ? "Nothing in it cost anything."
            : "The money went into many small steps: none of them took a quarter of it."}
      </p>
    );
  }
  return (
    <p className="text-sm">
      <span className="font-medium">
        {tree.roots.some((root) => tree.steps[root]?.isAtLeast)
          ? "Where the known part of the money went: "
          : "Where the money went: "}
      </span>
      {hops.map(({ key, text, share }, place) => (
        <Fragment key={key}>
          {place > 0 && (
            <>
              <span aria-hidden="true"> → </span>
              <span className="sr-only">, of it </span>
            </>
          )}
          {share !== null && <span className="tabular">{share} </span>}
          {place === 0 && "in "}
          <button
            type="button"
            onClick={() => void setParams({ step: key, view: "tree", content: null })}
            title={text}
            className="inline-block max-w-full truncate align-bottom text-link sm:max-w-96 underline-offset-2 hover:underline"
          >
            {text}
          </button>
        </Fragment>
      ))}
    </p>
  );
}
