// compile(fn): traces, signatures, variables, guards, randomness.
import { beforeEach, describe, expect, it } from "vitest";
import { DTypeError, ShapeError, ValueError } from "../../src/base/errors.js";
import {
  applyStep, borrowed, compile, dropout, gather, grad, guarded, randomKeyVariable, setRandomSeed, tensor, variable, withRandomKey, type Outputs, type Tensor, type Variable,
} from "../../src/engine/index.js";
import { sgdStep } from "../../src/ops/sgdStep.js";
import { countKernels } from "./counting.js";

const counts = await countKernels();
beforeEach(() => counts.reset());

describe("a compiled function", () => {
  it("is traced once per signature, and gives what the function gives", () => {
    let traces = 0;
    const f = (x: Tensor, y: Tensor): Tensor => {
      traces++;
      return x.matmul(y).relu().add(1);
    };
    const compiled = compile(f);
    const [x, y] = [tensor([[1, -2], [3, 4]], undefined, "float32"), tensor([[1], [2]], undefined, "float32")];
    const expected = f(x, y).arraySync();
    traces = 0;
    for (let i = 0; i < 3; i++) expect(compiled(x, y).arraySync()).toEqual(expected);
    expect(traces).toBe(1);
    compiled(tensor(new Float32Array(6), [3, 2]), y);
    expect(traces).toBe(2);
  });

  it("returns a tensor, a list or an object, as the function does", () => {
    const x = tensor([1, 2], [2], "float32");
    expect(compile((a: Tensor) => [a.add(1), a.mul(2)])(x).map((y) => [...y.dataSync()])).toEqual([[2, 3], [2, 4]]);
    const { sum, max } = compile((a: Tensor) => ({ sum: a.sum(), max: a.max() }))(x);
    expect([sum.dataSync()[0], max.dataSync()[0]]).toEqual([3, 2]);
    expect(() => compile(() => 5 as never as Outputs)()).toThrow(/returned 5; return a tensor/);
    expect(() => compile(() => ({ a: 1 }) as never as Outputs)()).toThrow(/returned number at "a"/);
  });

  it("gives results that later calls leave alone", () => {
    const f = compile((x: Tensor) => x.add(1));
    const first = f([1]);
    f([5]);
    expect(first.dataSync()[0]).toBe(2);
  });

  it("sees numbers as fed scalars: another number is no other signature", () => {
    let traces = 0;
    const f = compile((x: Tensor, k: Tensor) => {
      traces++;
      return x.mul(k);
    });
    expect([f([1.5], 2), f([1.5], 4)].map((y) => y.dataSync()[0])).toEqual([3, 6]);
    expect(traces).toBe(1);
  });

  it("sees strings, booleans and variables as they are: each is a signature", () => {
    let traces = 0;
    const f = compile((x: Tensor, mode: string, flip: boolean, w: Variable) => {
      traces++;
      const y = mode === "add" ? x.add(w) : x.mul(w);
      return flip ? y.neg() : y;
    });
    const [a, b] = [variable([10]), variable([100])];
    const first = (mode: string, flip: boolean, w: Variable): number => f([2.5], mode, flip, w).dataSync()[0]!;
    expect([first("add", false, a), first("mul", false, a), first("add", true, a), first("add", false, b), first("add", false, a)]).toEqual([12.5, 25, -12.5, 102.5, 12.5]);
    expect(traces).toBe(4);
  });

  it("takes a number captured from outside as a constant, a tensor as it is at the trace, a variable as it is now", () => {
    let k = 2;
    let t = tensor([10], [1], "float32").mul(2);
    const w = variable([100]);
    const f = compile((x: Tensor) => x.mul(k).add(t).add(w));
    expect(f([1.5]).dataSync()[0]).toBe(123);
    k = 3;
    t = tensor([0], [1], "float32");
    w.assign([200]);
    expect(f([1.5]).dataSync()[0]).toBe(223);
  });

  it("runs captured eager work once, not at every call", () => {
    const h = tensor(new Float32Array(16).fill(1), [4, 4]);
    const product = h.matmul(h);
    const f = compile((x: Tensor) => x.add(product.sum()));
    for (let i = 0; i < 3; i++) expect(f([1.5]).dataSync()[0]).toBe(65.5);
    expect(counts.calls.get("f32_gemm")).toBe(1);
  });

  it("keeps 8 signatures, the least recently used goes", () => {
    let traces = 0;
    const f = compile((x: Tensor) => {
      traces++;
      return x.add(1);
    });
    const call = (n: number): unknown => f(new Float32Array(n));
    for (let n = 1; n <= 8; n++) call(n);
    call(1);
    expect(traces).toBe(8);
    call(9);
    call(1);
    expect(traces).toBe(9);
    call(2);
    expect(traces).toBe(10);
  });

  it("inside another is part of it", () => {
    const inner = compile((x: Tensor) => x.mul(2));
    const outer = compile((x: Tensor) => inner(x).add(inner(3)));
    expect(outer([1.5]).dataSync()[0]).toBe(9);
    expect(counts.linked).toHaveLength(1);
  });

  it("may hold gradients", () => {
    const f = compile((x: Tensor) => grad((y) => y.square().mul(y).sum())(x));
    expect([...f([1.5, 2]).dataSync()]).toEqual([6.75, 12]);
  });

  it("takes and gives bytes", () => {
    const f = compile((x: Tensor) => [x.cast("float32").div(255), x.reshape([2, 2]), x.reshape([2, 2]).transpose()]);
    const [floats, same, turned] = f(Uint8Array.of(0, 51, 102, 255));
    expect([...floats!.dataSync()].map((v) => Math.round(v * 10) / 10)).toEqual([0, 0.2, 0.4, 1]);
    expect(same!.dataSync()).toEqual(Uint8Array.of(0, 51, 102, 255));
    expect(turned!.dataSync()).toEqual(Uint8Array.of(0, 102, 51, 255));
  });

  it("reads borrowed memory at every call", () => {
    for (const size of [2, 100_000]) {
      const batch = new Float32Array(size);
      const x = borrowed(batch, [size], "float32");
      const f = compile((a: Tensor) => a.sum());
      batch.set([1, 2]);
      expect(f(x).dataSync()[0]).toBe(3);
      batch.set([10, 20]);
      expect(f(x).dataSync()[0]).toBe(30);
    }
  });

  it("is given large tensors by turns, and each call sees its own", () => {
    const [a, b] = [tensor(new Float32Array(100_000).fill(1)), tensor(new Float32Array(100_000).fill(2))];
    const f = compile((x: Tensor) => x.mul(2).sum());
    expect([a, a, b, a, b, b].map((x) => f(x).dataSync()[0])).toEqual([2e5, 2e5, 4e5, 2e5, 4e5, 4e5]);
  });

  it("runs a program that was only asked for, and none after release but a new one", () => {
    const f = compile((x: Tensor) => x.add(1));
    const program = f.programFor([1.5]);
    expect(program.inputs).toHaveLength(1);
    expect(counts.calls.size).toBe(0);
    expect(f([1.5]).dataSync()[0]).toBe(2.5);
    expect(counts.linked).toHaveLength(1);
    f.release();
    expect(f([1.5]).dataSync()[0]).toBe(2.5);
    expect(counts.linked).toHaveLength(2);
  });
});

describe("inside a trace", () => {
  it("reading a value throws, and says what to do", () => {
    for (const look of [(x: Tensor) => x.dataSync(), (x: Tensor) => x.arraySync()]) {
      const f = compile((x: Tensor) => {
        look(x.add(1));
        return x;
      });
      expect(() => f([1])).toThrow(ValueError);
      expect(() => f([1])).toThrow(/read inside compile\(\), where none exists yet. Return it/);
    }
    const w = variable([1]);
    const ofVariable = compile((x: Tensor) => x.add(w.dataSync()[0]!));
    expect(() => ofVariable([1])).toThrow(/read inside compile/);
  });

  it("a failed trace leaves eager code as it was", () => {
    const f = compile(() => {
      throw new Error("mine");
    });
    expect(() => f()).toThrow("mine");
    expect(tensor([1]).add(1).dataSync()[0]).toBe(2);
  });

  it("variables are made on the first trace only", () => {
    const made: Variable[] = [];
    const f = compile((x: Tensor) => {
      const w = variable([2], { name: "late" });
      made.push(w);
      return x.mul(w);
    });
    expect([f([1.5]), f([2.5])].map((y) => y.dataSync()[0])).toEqual([3, 5]);
    expect(made).toHaveLength(1);
    expect(() => f([1.5, 2])).toThrow(ValueError);
    expect(() => f([1.5, 2])).toThrow(/variable: late was made in a later trace/);
  });

  it("a variable kept from the first trace serves later ones", () => {
    let w: Variable | undefined;
    const f = compile((x: Tensor) => x.mul((w ??= variable([2]))));
    expect(f([1.5]).dataSync()[0]).toBe(3);
    expect([...f([1.5, 2.5]).dataSync()]).toEqual([3, 5]);
  });
});

describe("assignments", () => {
  it("happen at the end of each call; reads after one see the new value", () => {
    const w = variable([1]);
    const f = compile((x: Tensor) => {
      const before = w.mul(1);
      w.assign(w.add(x));
      const after = w.mul(1);
      w.assign(w.mul(2));
      return [before, after, w.mul(1)];
    });
    expect(f([1.5]).map((y) => y.dataSync()[0])).toEqual([1, 2.5, 5]);
    expect(w.dataSync()[0]).toBe(5);
    expect(f([1.5]).map((y) => y.dataSync()[0])).toEqual([5, 6.5, 13]);
  });

  it("check shape and dtype where they are written, in and out of compile", () => {
    const w = variable([1, 2], { name: "w" });
    expect(() => w.assign([1, 2, 3])).toThrow(ShapeError);
    expect(() => w.assign(tensor([1, 2]))).toThrow(DTypeError);
    expect(() => compile((x: Tensor) => { w.assign(x); return x; })([1.5])).toThrow(/variable w is \[2\], got \[1\]/);
    expect([...w.dataSync()]).toEqual([1, 2]);
  });

  it("swap two variables", () => {
    const [a, b] = [variable([1]), variable([2])];
    const f = compile(() => {
      const old = a.mul(1);
      a.assign(b);
      b.assign(old);
      return old;
    });
    f();
    expect([a.dataSync()[0], b.dataSync()[0]]).toEqual([2, 1]);
  });
});

describe("versions of a variable", () => {
  it("a pending tensor keeps what it read, whoever overwrites the variable", () => {
    const w = variable([1]);
    const bump = compile(() => {
      w.assign(w.add(1));
      return w.mul(1);
    });
    const first = w.mul(10);
    w.assign([2]);
    const second = w.mul(10);
    bump();
    const third = w.mul(10);
    w.store(Float32Array.of(7));
    const fourth = w.mul(10);
    expect([first, second, third, fourth].map((t) => t.dataSync()[0])).toEqual([10, 20, 30, 70]);
    expect(w.dataSync()[0]).toBe(7);
  });

  it("two versions may meet in one graph", () => {
    const w = variable([1]);
    const old = w.mul(1);
    w.assign([5]);
    expect(w.sub(old).dataSync()[0]).toBe(4);
  });

  it("a captured tensor that reads a variable is what it was at the trace", () => {
    const w = variable([1]);
    const before = w.mul(10);
    const f = compile((x: Tensor) => x.add(before).add(w));
    w.assign([2]);
    expect(f([0.5]).dataSync()[0]).toBe(12.5);
    w.assign([3]);
    expect(f([0.5]).dataSync()[0]).toBe(13.5);
  });

  it("an assignment of an expression of itself is exact over 1,000 rounds", () => {
    const w = variable([0]);
    for (let i = 0; i < 1000; i++) w.assignAdd(1);
    expect(w.dataSync()[0]).toBe(1000);
  });
});

describe("guarded updates", () => {
  const build = () => {
    const [w, ema, calls] = [variable([1, 2], { name: "w" }), variable([0, 0]), variable([0])];
    const step = compile((gradient: Tensor, loss: Tensor) => {
      guarded([loss, gradient], () => {
        applyStep(sgdStep, [w], [gradient, tensor(0.5)], {});
        ema.assign(ema.mul(0.9).add(w));
      });
      calls.assign(calls.add(1));
      return loss.mul(1);
    });
    return { w, ema, calls, step };
  };

  it("a NaN gradient under a finite loss leaves the weights untouched, and lastStatus says so", () => {
    const { w, ema, calls, step } = build();
    step([1, 1.5], 0.25);
    expect(step.lastStatus.code).toBe("ok");
    const [weights, average] = [[...w.dataSync()], [...ema.dataSync()]];
    expect(weights).toEqual([0.5, 1.25]);
    expect(step([1.5, NaN], 0.25).dataSync()[0]).toBe(0.25);
    expect(step.lastStatus).toMatchObject({ code: "notFinite", tensor: 1, element: 1 });
    expect([[...w.dataSync()], [...ema.dataSync()]]).toEqual([weights, average]);
    step([0.5, 0.5], Infinity);
    expect(step.lastStatus).toMatchObject({ code: "notFinite", tensor: 0, element: 0 });
    expect([...w.dataSync()]).toEqual(weights);
    // What stands outside the guard goes on.
    expect(calls.dataSync()[0]).toBe(3);
    step([1, 1.5], 0.25);
    expect(step.lastStatus.code).toBe("ok");
    expect([...w.dataSync()]).toEqual([0, 0.5]);
  });

  it("do not nest, and do not stand outside compile", () => {
    expect(() => guarded([tensor(1.5)], () => {})).toThrow(/Call it inside compile/);
    const w = variable([1]);
    expect(() => applyStep(sgdStep, [w], [], {})).toThrow(/Call it inside compile/);
    const nested = compile((x: Tensor) => {
      guarded([x], () => guarded([x], () => {}));
      return x.mul(1);
    });
    expect(() => nested([1.5])).toThrow(/guards do not nest/);
  });
});

describe("randomness", () => {
  const ones = tensor(new Float32Array(1000).fill(1), [1000]);
  const mask = (f: (x: Tensor) => Tensor): string => f(ones).dataSync().join();

  it("dropout masks differ per call and per layer, and are equal for the same seed", () => {
    const f = compile((x: Tensor) => dropout(x, 0.5));
    setRandomSeed(7);
    const first = [mask(f), mask(f), mask(f)];
    expect(new Set(first).size).toBe(3);
    setRandomSeed(7);
    expect([mask(f), mask(f), mask(f)]).toEqual(first);
    setRandomSeed(8);
    expect(mask(f)).not.toBe(first[0]);
    const [a, b] = compile((x: Tensor) => [dropout(x, 0.5), dropout(x, 0.5)])(ones);
    expect(a!.dataSync()).not.toEqual(b!.dataSync());
  });

  it("eager dropout differs per call, and is equal for the same seed", () => {
    const draw = (): string => mask((x) => dropout(x, 0.5));
    setRandomSeed(7);
    const first = [draw(), draw()];
    expect(first[0]).not.toBe(first[1]);
    setRandomSeed(7);
    expect([draw(), draw()]).toEqual(first);
  });

  it("drops the rate, keeps the mean", () => {
    const values = [...dropout(tensor(new Float32Array(100_000).fill(1)), 0.3).dataSync()];
    const dropped = values.filter((x) => x === 0).length / values.length;
    // Four standard deviations of 100,000 draws: 4·√(0.3·0.7/1e5).
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.0058);
    expect(values.find((x) => x !== 0)).toBeCloseTo(1 / 0.7, 6);
  });

  it("a key of its own goes up by one a call, and repeats when it is set back", () => {
    const key = randomKeyVariable(2 ** 40 + 3, "key");
    const f = compile((x: Tensor) => withRandomKey(key, () => dropout(x, 0.5)));
    const first = mask(f);
    expect([...key.dataSync()]).toEqual([3, 256, 1, 0]);
    expect(mask(f)).not.toBe(first);
    key.store(Int32Array.of(3, 256, 0, 0));
    expect(mask(f)).toBe(first);
  });
});

describe("errors of a run", () => {
  it("an index out of range is a ValueError that names the op, eager and compiled", () => {
    const table = tensor([[1, 2], [3, 4]], undefined, "float32");
    expect(() => gather(table, tensor([0, 5])).dataSync()).toThrow(ValueError);
    expect(() => gather(table, tensor([0, 5])).dataSync()).toThrow(/gather: the index at position 1 is out of range/);
    const f = compile((i: Tensor) => gather(table, i));
    expect(() => f([-1])).toThrow(/gather: the index at position 0/);
    expect(f([1]).arraySync()).toEqual([[3, 4]]);
  });

  it("one among constants fails at every call", () => {
    const w = variable(new Float32Array(4));
    const picked = compile((x: Tensor) => x.add(gather(w, tensor([9]))), { foldStates: true });
    for (let i = 0; i < 3; i++) expect(() => picked([1.5])).toThrow(/gather/);
  });

  it("foldStates computes again when a variable has changed", () => {
    const w = variable([2]);
    const f = compile((x: Tensor) => x.add(w.exp()), { foldStates: true });
    for (const value of [2, 2, 3]) {
      w.assign([value]);
      expect(f([0.5]).dataSync()[0]).toBeCloseTo(0.5 + Math.exp(value), 4);
    }
  });
});
