// Before the engine has started, and how it starts. A file of its own: a process starts the engine once.
import { describe, expect, it } from "vitest";
import { compile, init, memory, tensor, variable, type Tensor } from "../../src/engine/index.js";
import { DeviceError, ValueError } from "../../src/base/errors.js";

// The tests run in this order: the engine starts in the middle.
describe("before init()", () => {
  it("tensors, shapes and errors are there; data at hand can be read", () => {
    const x = tensor([[1, 2], [3, 4]]);
    expect(x.matmul([[1], [2]]).shape).toEqual([2, 1]);
    expect(() => x.add([1, 2, 3])).toThrow(/do not broadcast/);
    expect(x.arraySync()).toEqual([[1, 2], [3, 4]]);
    expect(x.add(1).toString()).toBe("Tensor(shape [2, 2], int32, not computed)");
  });

  it("dataSync, compiled functions and memory throw DeviceError, and say what to do", () => {
    for (const look of [() => tensor([1]).add(1).dataSync(), () => compile((x: Tensor) => x.add(1))([1]), () => compile((x: Tensor) => x).programFor([1]), () => memory()]) {
      expect(look).toThrow(DeviceError);
      expect(look).toThrow(/Await init\(\) first/);
    }
  });

  it("assignments wait for the engine", async () => {
    const w = variable([1, 2]);
    w.assign(w.mul(10));
    w.assign(w.add(1));
    expect(() => w.dataSync()).toThrow(DeviceError);
    expect([...(await w.data())]).toEqual([11, 21]);
    expect(w.arraySync()).toEqual([11, 21]);
  });
});

describe("init()", () => {
  it("was done by data(); may be called again with the same options, not with others", async () => {
    expect(tensor([1]).add(1).dataSync()[0]).toBe(2);
    await init();
    await init({ numerics: "reproducible", threads: "auto", preload: ["core"] });
    await expect(init({ numerics: "fast" })).rejects.toThrow(/already runs with numerics "reproducible"/);
    await expect(init({ threads: 2 })).rejects.toThrow(/already runs with threads auto and cannot change to 2/);
    for (const threads of [0, 1.5, 65, "many"]) await expect(init({ threads: threads as 1 })).rejects.toThrow(ValueError);
    await expect(init({ preload: ["cores" as "core"] })).rejects.toThrow(/preload names "cores"; expected core, train, extra/);
    await expect(init({ numerics: "exact" as "fast" })).rejects.toThrow(/numerics is "exact"/);
  });

  it("memory() counts pages, variables and programs", () => {
    const before = memory();
    const w = variable(new Float32Array(1000));
    w.add(1).dataSync();
    const after = memory();
    expect(after.stateBytes - before.stateBytes).toBe(4000);
    expect(after.programs).toBe(before.programs + 1);
    expect(after.totalBytes).toBe(after.wasmPages * 65536);
  });
});
