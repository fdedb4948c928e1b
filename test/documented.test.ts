// Nothing public goes without a word: every export of the package has a comment, and so has every public method, where it is declared or in what it overrides.
import { expect, test } from "vitest";
import { exportsOf } from "./declarations.js";
import { built } from "./shared.js";

const ENTRIES = ["index.d.ts", "run.d.ts", "inspect/index.d.ts"];

test.each(ENTRIES)("dist/%s: every export has a comment", (entry) => {
  const found = exportsOf(built(entry));
  expect(found.length).toBeGreaterThan(2);
  expect(found.filter(({ documented }) => !documented).map(({ name }) => name)).toEqual([]);
});

test("every public method has a comment, or overrides one that has", () => {
  const found = ENTRIES.flatMap((entry) => exportsOf(built(entry)));
  const described = new Set(["config", ...found.flatMap(({ describedMethods }) => describedMethods)]);
  expect(found.flatMap(({ name, bareMethods }) => bareMethods.filter((method) => !described.has(method)).map((method) => `${name}.${method}`))).toEqual([]);
});
