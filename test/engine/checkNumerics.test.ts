// debug.checkNumerics names the op that made the first number that is none, and the line that made the op; errors of steps name their line too.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ValueError } from "../../src/base/errors.js";
import { compile, debug, div, exp, gather, init, linalg, log, matmul, relu, sub, sum, tensor, variable, variableGrads, where, type Tensor } from "../../src/engine/index.js";
import { layers, sequential, sgd } from "../../src/nn/index.js";

beforeAll(() => init());

const lines = readFileSync(new URL(import.meta.url), "utf8").split("\n");
/** Number of the line of this file that ends with a mark. */
const lineOf = (mark: string): number => lines.findIndex((line) => line.endsWith(`// ${mark}`)) + 1;

/** The message of what fn throws. */
function message(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    expect(error).toBeInstanceOf(ValueError);
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

describe("checkNumerics", () => {
  it("names the first op, its element, the range it was given and the user's line", () => {
    const f = (x: Tensor): Tensor => {
      const shifted = sub(x, 1);
      const logs = log(shifted); // log
      return sum(exp(relu(logs)));
    };
    expect(message(() => debug.checkNumerics(f, [[2, 1, 3]]))).toMatch(
      new RegExp(`^checkNumerics: log made -Infinity at element 1 of its result \\[3\\], made at .*checkNumerics\\.test\\.ts:${lineOf("log")}:\\d+\\. It was given \\[3\\] in \\[0, 2\\]\\.$`),
    );
  });

  it("does not mind infinities where that is asked", () => {
    const f = (x: Tensor): Tensor => exp(where(x.sub(2).relu(), x, -Infinity));
    expect([...debug.checkNumerics(f, [[1, 3]], { infinity: false }).dataSync()].map((y) => Math.round(y))).toEqual([0, 20]);
    expect(message(() => debug.checkNumerics(f, [[1, 3]]))).toMatch(/where made -Infinity at element 0/);
  });

  it("looks at gradients: a root's is infinite at 0", () => {
    const w = variable([0, 4], { name: "w" });
    const step = (): Tensor => {
      const { value, grads } = variableGrads(() => sum(w.sqrt()), [w]);
      sgd(0.1).apply(grads);
      return value;
    };
    expect(message(() => debug.checkNumerics(step, []))).toMatch(/ made Infinity at element 0 of its result \[2\]/);
    expect([...w.dataSync()]).toEqual([0, 4]);
  });

  it("says so when what comes in is no number, and when a variable holds none", () => {
    expect(message(() => debug.checkNumerics((x: Tensor) => x.add(1), [[1, NaN]]))).toBe("checkNumerics: an argument of shape [2] holds NaN at element 1.");
    const v = variable([Infinity], { name: "v" });
    expect(message(() => debug.checkNumerics(() => v.add(1), []))).toBe("checkNumerics: variable v holds Infinity at element 0.");
  });

  it("gives the result, and assigns, where all is well", () => {
    const v = variable([1, 2]);
    const f = (x: Tensor): Tensor => {
      v.assign(v.add(x));
      return matmul(x.reshape([1, 2]), v.reshape([2, 1]));
    };
    expect([...debug.checkNumerics(f, [[3, 4]]).dataSync()]).toEqual([3 * 4 + 4 * 6]);
    expect([...v.dataSync()]).toEqual([4, 6]);
  });

  it("looks into models", () => {
    const model = sequential([layers.dense({ units: 2, kernelInitializer: "ones", inputShape: [2] }), layers.activation({ activation: "exponential" })]);
    const message1 = message(() => debug.checkNumerics((x: Tensor) => model.apply(x), [[[1e38, 1e38]]])); // model
    expect(message1).toMatch(new RegExp(`^checkNumerics: (exp|matmul) made (-?Infinity|NaN) .*made at .*checkNumerics\\.test\\.ts:${lineOf("model")}:`));
  });
});

describe("an error of a step that runs", () => {
  it("names the line that made it, in compiled functions", () => {
    const pick = compile((table: Tensor, i: Tensor) => {
      return gather(table, i); // gather
    });
    const table = tensor([[1, 2], [3, 4]]);
    expect([...pick(table, tensor([1])).dataSync()]).toEqual([3, 4]);
    expect(message(() => pick(table, tensor([2])))).toMatch(new RegExp(`gather.*position 0 is out of range.*made at .*checkNumerics\\.test\\.ts:${lineOf("gather")}:`));
    const invert = compile((a: Tensor) => div(linalg.inv(a), 2)); // inv
    expect(message(() => invert(tensor([[0.5, 1], [1, 2]])))).toMatch(new RegExp(`singular.*checkNumerics\\.test\\.ts:${lineOf("inv")}:`));
  });

  it("and in eager code with DEBUG=1, each its own", () => {
    process.env["DEBUG"] = "1";
    try {
      const table = tensor([[1, 2], [3, 4]]);
      const first = message(() => gather(table, tensor([2])).dataSync()); // eager one
      const second = message(() => gather(table, tensor([2])).dataSync()); // eager two
      expect(first).toMatch(new RegExp(`checkNumerics\\.test\\.ts:${lineOf("eager one")}:`));
      expect(second).toMatch(new RegExp(`checkNumerics\\.test\\.ts:${lineOf("eager two")}:`));
    } finally {
      delete process.env["DEBUG"];
    }
  });
});
