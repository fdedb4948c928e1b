// Every layer, as a row of one table: what each must do stands in layers/harness.ts.
import { expect, it } from "vitest";
import { layers } from "../../src/nn/index.js";
import { testLayers } from "./layers/harness.js";
import { ROWS } from "./layers/rows.js";

/** Beside the model: they take strings, which tensors do not hold. */
const HOST: readonly string[] = ["hashing", "stringLookup", "textVectorization"];

it("has a row for every layer there is", () => {
  const rows = new Set(ROWS.map(({ layer }) => layer));
  const exported = Object.entries(layers).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
  expect(exported.filter((name) => !rows.has(name) && !HOST.includes(name))).toEqual([]);
});

testLayers(ROWS);
