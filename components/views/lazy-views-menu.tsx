"use client";

import dynamic from "next/dynamic";

/** The menu of saved views, loaded after the page's figures. */
export const LazyViewsMenu = dynamic(
  () => import("@/components/views/views-menu").then((module) => module.ViewsMenu),
  { ssr: false, loading: () => <span className="inline-block h-8.5 w-20" /> },
);
