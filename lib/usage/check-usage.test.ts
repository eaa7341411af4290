import { expect, test } from "vitest";
import { checkUsage } from "@/lib/usage/check-usage";

test("parts may fill their whole", () => {
  expect(
    checkUsage({
      input_tokens: 10,
      cache_read_tokens: 4,
      cache_write_5m_tokens: 3,
      cache_write_1h_tokens: 3,
      output_tokens: 5,
      reasoning_tokens: 5,
    }),
  ).toBeNull();
});

test("a part over its whole is named", () => {
  expect(checkUsage({ input_tokens: 1, cache_read_tokens: 2 })).toBe(
    "part_over_whole:cache_read_tokens",
  );
  expect(checkUsage({ output_tokens: 1, reasoning_tokens: 2 })).toBe(
    "part_over_whole:reasoning_tokens",
  );
  expect(checkUsage({ cache_write_1h_tokens: 2 })).toBe("part_over_whole:cache_write_1h_tokens");
});

test("disjoint parts may not add up to more than their whole", () => {
  expect(checkUsage({ input_tokens: 5, cache_read_tokens: 3, cache_write_5m_tokens: 3 })).toBe(
    "part_over_whole:input_tokens",
  );
});

test("audio may be cached, so the two may overlap", () => {
  expect(checkUsage({ input_tokens: 5, cache_read_tokens: 4, input_audio_tokens: 5 })).toBeNull();
  expect(
    checkUsage({
      input_tokens: 5,
      cache_read_tokens: 1,
      input_audio_tokens: 5,
      cache_read_audio_tokens: 2,
    }),
  ).toBe("part_over_whole:cache_read_audio_tokens");
});
