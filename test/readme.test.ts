// The README's example is run as it stands, by the built package under its own name.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { built, repository } from "./shared.js";

const readme = readFileSync(join(repository, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "edgegrad-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the example has about 20 lines, learns, and prints what it says", () => {
  built("index.js");
  const [, example] = /```js\n(import .*?)```/s.exec(readme)!;
  const lines = example!.split("\n").filter((line) => line.trim() !== "");
  expect(lines.length).toBeLessThanOrEqual(22);

  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules", "edgegrad"));
  writeFileSync(join(folder, "example.mjs"), example!);
  const output = execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" });
  expect(Number(/accuracy ([\d.]+)/.exec(output)![1])).toBeGreaterThan(0.9);
  expect(output).toMatch(/\[1[.,\s]+2[.,\s]+3\.?\]/);
});

test("every npm command it names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const named = Array.from(readme.matchAll(/npm (?:run )?([\w:-]+)/g), ([, name]) => name!).filter((name) => !["ci", "install", "pack"].includes(name));
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
