import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  DARK_PALETTE,
  LIGHT_PALETTE,
  OTHER_COLOUR,
  PAGE_COLOUR,
  SERIES_SLOTS,
  seriesColour,
} from "@/components/charts/palette";

type Rgb = [number, number, number];

const THEMES = [
  { theme: "light", palette: LIGHT_PALETTE, page: PAGE_COLOUR.light, other: OTHER_COLOUR.light },
  { theme: "dark", palette: DARK_PALETTE, page: PAGE_COLOUR.dark, other: OTHER_COLOUR.dark },
] as const;

/** Machado et al. 2009, full severity, on linear RGB. */
const VISIONS: Record<string, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deuteranopia: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritanopia: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
};

test.each(THEMES)(
  "every $theme colour stands at least 3:1 on its page",
  ({ palette, page, other }) => {
    for (const colour of [...palette, other]) {
      expect(contrast(colour, page), colour).toBeGreaterThanOrEqual(3);
    }
  },
);

test.each(THEMES)(
  "any two $theme colours are told apart by every kind of sight",
  ({ palette, other }) => {
    const colours = [...palette, other];
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      for (const [index, one] of colours.entries()) {
        for (const two of colours.slice(index + 1)) {
          expect(distance(one, two, matrix), `${vision}: ${one} ${two}`).toBeGreaterThanOrEqual(
            0.1,
          );
        }
      }
    }
  },
);

test("the style sheet draws exactly the measured colours on the measured pages", () => {
  const css = readFileSync("app/globals.css", "utf8").toUpperCase();
  const [light = "", dark = ""] = css.split(".DARK {");
  for (const [{ palette, page, other }, block] of [
    [THEMES[0], light],
    [THEMES[1], dark],
  ] as const) {
    expect(block).toContain(`--PAGE: ${page.toUpperCase()};`);
    expect(block).toContain(`--SERIES-OTHER: ${other};`);
    for (const [slot, colour] of palette.entries()) {
      expect(block).toContain(`--SERIES-${slot + 1}: ${colour};`);
    }
  }
  expect(seriesColour(SERIES_SLOTS - 1)).toBe("var(--series-6)");
});

function linear(hex: string): Rgb {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

function contrast(one: string, two: string): number {
  const [high = 0, low = 0] = [one, two]
    .map((hex) => {
      const [r, g, b] = linear(hex);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    })
    .sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function distance(one: string, two: string, matrix: number[]): number {
  const [a, b] = [one, two].map((hex) => oklab(multiply(matrix, linear(hex))));
  return Math.hypot(...[0, 1, 2].map((at) => (a?.[at] ?? 0) - (b?.[at] ?? 0)));
}

function multiply(m: number[], rgb: Rgb): Rgb {
  return [0, 3, 6].map((row) => {
    const sum = rgb.reduce((total, value, at) => total + (m[row + at] ?? 0) * value, 0);
    return Math.min(1, Math.max(0, sum));
  }) as Rgb;
}

function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
