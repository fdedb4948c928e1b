// Every name of edgegrad that docs/migrating.md gives exists.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as edgegrad from "../src/index.js";

const page = readFileSync(new URL("../docs/migrating.md", import.meta.url), "utf8");
const named = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .flatMap((line) => [...line.split(" | ")[1]!.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!));

test("the page names what there is", () => {
  expect(named.length).toBeGreaterThan(60);
  const missing = named.filter((name) => name.split(".").reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>> | undefined)?.[part], edgegrad) === undefined);
  expect([...new Set(missing)]).toEqual([]);
});
