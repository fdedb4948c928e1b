import { describe, expect, it } from "vitest";
import { at, executorContract, Hand } from "../../../test/executor.contract.js";
import { newExecutor } from "../../../test/runGraph.js";
import { threadedExecutor } from "../../../test/threaded.js";

executorContract("wasm", () => newExecutor(false));
executorContract("wasm with poison", () => newExecutor(true));
for (const threads of [2, 3, 8]) executorContract(`wasm on ${threads} threads`, () => threadedExecutor(threads));

/** first = a; second = what lies in a's bytes after its last declared reader. */
function lateReader(): ReturnType<Hand["program"]> {
  const hand = new Hand();
  const [x, a, first, second] = [hand.slot("input", [4]), hand.slot("scratch", [4]), hand.slot("output", [4]), hand.slot("output", [4])];
  const undeclared = hand.step("copy", [at(second), at(a), 1, 4, 1, 1], [], [second]);
  return hand.program({ inputs: [x], outputs: [first, second], steps: [hand.copy(x, a), hand.copy(a, first), undeclared] });
}

describe("poison", () => {
  it("turns bytes into NaN behind their last reader, so that who reads them later shows", async () => {
    for (const [poison, expected] of [[false, [1, 2, 3, 4]], [true, [NaN, NaN, NaN, NaN]]] as const) {
      const executor = await newExecutor(poison);
      const linked = executor.link(lateReader(), []);
      linked.run([Float32Array.of(1, 2, 3, 4)]);
      expect([...linked.output(0)]).toEqual([1, 2, 3, 4]);
      expect([...linked.output(1)]).toEqual(expected);
    }
  });

  it("turns bytes that nobody has written into NaN", async () => {
    const hand = new Hand();
    const [a, out] = [hand.slot("scratch", [2]), hand.slot("output", [2])];
    const executor = await newExecutor(true);
    const linked = executor.link(hand.program({ outputs: [out], steps: [hand.copy(a, out)] }), []);
    linked.run([]);
    expect([...linked.output(0)]).toEqual([NaN, NaN]);
  });
});

describe("addresses", () => {
  it("above 2 GiB are words like others", async () => {
    const executor = await newExecutor(false);
    // Reserved, never touched: the system gives it no memory.
    executor.reserve(2 ** 31 + 2 ** 20);
    const hand = new Hand();
    const [x, w, s, out] = [hand.slot("input", [1000]), hand.slot("state", [1000]), hand.slot("scratch", [1000]), hand.slot("output", [1000])];
    const state = executor.allocate(4000);
    const linked = executor.link(hand.program({ inputs: [x], outputs: [out], states: [w], updates: [w], steps: [hand.add(x, x, s), hand.add(s, w, w), hand.copy(w, out)] }), [state]);
    linked.run([new Float32Array(1000).fill(3)]);
    linked.run([new Float32Array(1000).fill(3)]);
    expect(linked.output(0).every((v) => v === 12)).toBe(true);
    expect(executor.read(state, "float32", 1000).every((v) => v === 12)).toBe(true);
    expect(executor.usage().totalBytes).toBeGreaterThan(2 ** 31);
  });
});
