import "@/app/globals.css";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import type { ReactNode } from "react";
import { PAGE_COLOUR } from "@/components/charts/palette";
import { Providers } from "@/components/layout/providers";

/** As `geist/font/mono`, but not loaded before the page: it writes keys and commands, 70 kB that figures would wait for. */
const GeistMono = localFont({
  src: "../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  adjustFontFallback: false,
  fallback: ["ui-monospace", "monospace"],
  preload: false,
});

export const metadata: Metadata = {
  title: { default: "Outlay", template: "%s · Outlay" },
  description: "What your LLM agents spend, to the last digit.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: PAGE_COLOUR.light },
    { media: "(prefers-color-scheme: dark)", color: PAGE_COLOUR.dark },
  ],
};

/** The document. `suppressHydrationWarning`: the theme's class is set before React runs, so nothing flashes. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html
      lang="en"
      suppressHydrationWarning
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
