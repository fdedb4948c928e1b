// Graphs over two engines: same bits as on one, gradients and updates too; the plan says what runs where and what travels.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  addDevice, compile, devices, grad, init, matmul, mean, mul, onDevice, relu, removeDevice, sigmoid, softmax, square, sub, sum, tanh, tensor, variable, variableGrads, type Tensor,
} from "../../src/engine/index.js"; // prettier-ignore
import { graphOf } from "../../src/inspect/index.js";
import { sgd } from "../../src/nn/index.js";

beforeAll(async () => {
  await init();
  await addDevice("wasm:1");
});

const list = (x: Tensor): number[] => [...x.dataSync()];
const x = tensor(Float32Array.from({ length: 32 * 16 }, (_, i) => Math.sin(i)), [32, 16]);
const there = <T>(fn: () => T): T => onDevice("wasm:1", fn);
const here = <T>(fn: () => T): T => fn();
type Place = typeof here;

/** Three layers, the middle one elsewhere. */
const network = (place: Place, [a, b, c]: readonly Tensor[]) => (input: Tensor): Tensor => {
  const first = tanh(matmul(input, a!));
  const second = place(() => sigmoid(matmul(first, b!)));
  return softmax(matmul(second, c!));
};
const weights = (): ReturnType<typeof variable>[] => [[16, 24], [24, 24], [24, 5]].map(([rows, cols], k) => variable(tensor(Float32Array.from({ length: rows! * cols! }, (_, i) => Math.cos(i * (k + 1)) * 0.3), [rows!, cols!]), { name: `w${k}` })); // prettier-ignore

describe("two engines side by side", () => {
  test("give the bits of one, eager and compiled", () => {
    const w = weights();
    const expected = list(network(here, w)(x));
    expect(list(network(there, w)(x))).toEqual(expected);
    expect(list(compile(network(there, w))(x))).toEqual(expected);
  });

  test("train to the same weights: forward, backward and updates cross the border", () => {
    const train = (place: Place): number[][] => {
      const w = weights();
      const optimizer = sgd(0.1);
      const step = compile((input: Tensor) => {
        const { value, grads } = variableGrads(() => mean(square(sub(network(place, w)(input), 0.2))));
        optimizer.apply(grads);
        return value;
      });
      const losses = Array.from({ length: 5 }, () => list(step(x)));
      return [...losses, ...w.map(list)];
    };
    expect(train(there)).toEqual(train(here));
  });

  test("gradients of what runs there run there", () => {
    const f = (input: Tensor): Tensor => grad((u) => sum(there(() => square(u))))(input);
    const { plan } = graphOf(f, x);
    const far = plan!.parts.filter(({ device }) => device === "wasm:1");
    expect(far.length).toBeGreaterThan(0);
    expect(list(f(x))).toEqual(list(mul(x, 2)));
  });

  test("[D2] the plan: constants are folded in their part; every part is printed with what it sends and receives; bytes are counted once a crossing", () => {
    const w = weights();
    const view = graphOf(network(there, w), x);
    const { parts, transfers } = view.plan!;
    expect(parts.map(({ device }) => device)).toEqual(["wasm", "wasm:1", "wasm"]);
    // h [32, 24] and w1 [24, 24] go there, the sigmoid comes back.
    expect(transfers.map(({ from, to, bytes }) => [from, to, bytes]).sort()).toEqual([[0, 1, 2304], [0, 1, 3072], [1, 2, 3072]]); // prettier-ignore
    const text = view.toString("plan");
    expect(text).toMatch(/part 1 on wasm:1\n {2}receives 3\.07 kB from part 0\n {2}receives 2\.30 kB from part 0\n[\s\S]*sigmoid[\s\S]*\n {2}sends 3\.07 kB to part 2/);
    expect(view.toHTML()).toMatch(/part 1 · wasm:1/);
    expect(view.toDot()).toMatch(/subgraph cluster_\d \{\n {4}label="wasm:1"/);
    const constants = compile(() => there(() => relu(tensor([1, -2], undefined, "float32").add(1))));
    expect(list(constants())).toEqual([2, 0]);
  });

  test("results and updates may all be elsewhere, leaves may be results", () => {
    const w = variable([1, 2, 3], { name: "w" });
    const step = compile((input: Tensor) => {
      w.assign(there(() => w.add(input)));
      return [input, there(() => input.mul(3))];
    });
    const [same, triple] = step(tensor([1, 1, 1], undefined, "float32"));
    expect([list(same!), list(triple!), list(w)]).toEqual([[1, 1, 1], [3, 3, 3], [2, 3, 4]]); // prettier-ignore
  });

  test("a device that is not there is named, with those that are", async () => {
    expect(() => onDevice("gpu", () => x)).toThrow(/onDevice: there is no device "gpu"; there are wasm, wasm:1\. Await addDevice\("gpu"\) first/);
    await expect(addDevice("wasm:1")).rejects.toThrow(/there is a device "wasm:1" already/);
    await addDevice("short");
    removeDevice("short");
    expect(devices()).toEqual(["wasm", "wasm:1"]);
  });

  test("what a device has no kernels for runs on one that has", async () => {
    const core = new WebAssembly.Module(readFileSync(new URL("../../dist/wasm/core.simd.wasm", import.meta.url)));
    await addDevice("small", { modules: { core } });
    expect(list(onDevice("small", () => matmul(x, x.transpose())))).toEqual(list(matmul(x, x.transpose())));
    removeDevice("small");
  });
});
