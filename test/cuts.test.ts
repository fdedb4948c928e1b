// Any cut of a step into ranges of units gives the same bits: every op, forward and backward, with each step run range by range, the last one first.
// A file of its own, since it wraps the kernels of the engine.
import { beforeAll, describe, expect, test, vi } from "vitest";
import { gradients } from "../src/compile/grad.js";
import { init } from "../src/engine/device.js";
import { evaluate } from "../src/engine/evaluate.js";
import { isFloat, type TypedArray } from "../src/base/dtype.js";
import { ValueError } from "../src/base/errors.js";
import type { Value } from "../src/graph/value.js";
import { OPS } from "../src/ops/index.js";
import { ALL_UNITS, firstUnit } from "../src/program/split.js";
import { WasmExecutor } from "../src/runtime/wasm/executor.js";
import { ROWS } from "./rows/index.js";
import { leavesOf, nameOf } from "./rows/run.js";
import type { Row } from "./rows/row.js";

const CUTS = [2, 3, 8];
let pieces = 1;
let cut = 0;

beforeAll(async () => {
  const kernel = WasmExecutor.prototype.kernel;
  vi.spyOn(WasmExecutor.prototype, "kernel").mockImplementation(function (this: WasmExecutor, name: string) {
    const { number, call } = kernel.call(this, name);
    const inPieces = (words: number): void => {
      const range = new Uint32Array(this.buffer, words - 8, 2);
      const units = range[1]!;
      if (pieces === 1 || units === ALL_UNITS) return call(words);
      if (units > 1) cut++;
      for (let i = pieces - 1; i >= 0; i--) {
        range.set([firstUnit(units, i, pieces), firstUnit(units, i + 1, pieces)]);
        if (range[0] !== range[1]) call(words);
      }
      range.set([0, units]);
    };
    return { number, call: inPieces };
  });
  await init({ threads: 1 });
});

/** The results of a row's cases, and the gradients of their sums where it has some. */
function run(row: Row): TypedArray[] {
  return row.cases.flatMap((one, seed) => {
    const inputs = leavesOf(row, one, seed);
    const result = row.apply(inputs, one.attrs);
    const results = Array.isArray(result) ? (result as readonly Value[]) : [result as Value];
    const floats = inputs.filter(({ dtype }) => isFloat(dtype));
    const isDifferentiable = row.gradient === undefined && one.special !== true && floats.length > 0 && results.every(({ dtype }) => dtype === "float32");
    const slopes = isDifferentiable ? gradients(results.map((y) => OPS.sum(OPS.mul(y, y))).reduce((a, b) => OPS.add(a, b)), floats).filter((slope) => slope !== null) : [];
    return [...evaluate(results), ...evaluated(slopes)];
  });
}

/** None where there is no gradient to be had: that of a determinant at a singular matrix. */
function evaluated(slopes: readonly Value[]): TypedArray[] {
  try {
    return evaluate(slopes);
  } catch (error) {
    if (error instanceof ValueError) return [];
    throw error;
  }
}

describe("cut into 2, 3 and 8 ranges", () => {
  test.each(ROWS.map((row) => [nameOf(row), row] as const))("%s has the same bits", (_name, row) => {
    pieces = 1;
    const whole = run(row);
    for (pieces of CUTS) {
      run(row).forEach((data, i) => {
        const [a, b] = [data, whole[i]!].map((x) => new Uint8Array(x.buffer, x.byteOffset, x.byteLength)) as [Uint8Array, Uint8Array];
        const at = a.findIndex((byte, k) => byte !== b[k]);
        expect(at < 0 ? "the same" : `in ${pieces} ranges, result ${i} of all cases: element ${Math.floor(at / data.BYTES_PER_ELEMENT)} of ${data.length} differs`).toBe("the same");
      });
    }
  });

  test("is what happened: hundreds of steps were", () => expect(cut).toBeGreaterThan(500));
});
