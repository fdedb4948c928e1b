// What every executor does, shown with programs written by hand: a device's own test file calls executorContract() with a way to make one.
import { beforeAll, describe, expect, it } from "vitest";
import { BYTES, type DType } from "../src/base/dtype.js";
import { DeviceError } from "../src/base/errors.js";
import { markLasting } from "../src/base/lasting.js";
import { withBarriers } from "../src/program/barriers.js";
import { ALIGNMENT, f32Word, PADDING, PROGRAM_VERSION, STATUS, STATUS_WORDS, type KernelStep, type Program, type Slot, type Space, type Split, type Step, type Word } from "../src/program/program.js";
import { UNIT_ELEMENTS, UNIT_ROWS } from "../src/program/split.js";
import { verifyProgram } from "../src/program/verify.js";
import type { Executor } from "../src/runtime/executor.js";

/** Writes a program slot by slot and step by step. Steps that can be shared between threads are, and wait for each other where they must. */
export class Hand {
  private readonly slots: Slot[] = [];
  private readonly bytes = { input: 0, output: 0, constant: 0, derived: 0, scratch: 0 };
  private ids = 0;
  private readonly status = this.slot("output", [STATUS_WORDS], "int32");

  slot(space: Space, shape: readonly number[], dtype: DType = "float32"): number {
    const bytes = shape.reduce((size, dim) => size * dim, BYTES[dtype]);
    const offset = space === "state" ? 0 : this.bytes[space];
    if (space !== "state") this.bytes[space] += Math.ceil((bytes + PADDING) / ALIGNMENT) * ALIGNMENT;
    return this.slots.push({ space, offset, bytes, dtype, shape }) - 1;
  }

  step(kernel: string, words: readonly Word[], reads: readonly number[], writes: readonly number[], more: Partial<KernelStep> = {}): Step {
    return { kind: "kernel", id: this.ids++, kernel, words, reads, writes, ...more };
  }

  /** All of `slots` have one length, and are walked together. */
  private lines(...slots: readonly number[]): { split: Split } {
    const units = Math.ceil(this.slots[slots[0]!]!.bytes / (4 * UNIT_ELEMENTS));
    return { split: { units, slices: Object.fromEntries(slots.map((slot) => [slot, 4 * UNIT_ELEMENTS])) } };
  }

  fill(to: number, value: number): Step {
    return this.step("fill", [at(to), this.slots[to]!.bytes / 4, f32Word(value)], [], [to], this.lines(to));
  }

  copy(from: number, to: number): Step {
    return this.step("copy", [at(to), at(from), 1, this.slots[to]!.bytes / 4, 1, 1], [from], [to], this.lines(from, to));
  }

  /** to = the transpose of from [rows, cols]. */
  transpose(from: number, to: number, rows: number, cols: number): Step {
    const split = { units: Math.ceil(cols / UNIT_ROWS), slices: { [to]: 4 * UNIT_ROWS * rows } };
    return this.step("copy", [at(to), at(from), 2, cols, rows, rows, 1, 1, cols], [from], [to], { split });
  }

  /** to = a + b, all of one length. */
  add(a: number, b: number, to: number, micro = 1): Step {
    const n = this.slots[to]!.bytes / 4;
    const workspace = this.slot(this.slots[to]!.space === "derived" ? "derived" : "scratch", [64]);
    const operand = (slot: number): Word[] => [0, at(slot), 0, 1];
    return this.step("f32_tile", [0, n, 1024, at(workspace), 3, 1, UNIT_ELEMENTS, ...operand(a), ...operand(b), ...operand(to), micro, 2, 0, 1, 0], [a, b], [to, workspace], { workspace, ...this.lines(a, b, to) });
  }

  /** to = table[index]; the index may be out of range. */
  gather(table: number, index: number, to: number): Step {
    const id = this.ids;
    return this.step("gather", [at(to), at(table), at(index), 1, 1, this.slots[table]!.bytes / 4, at(this.status), id], [table, index], [to]);
  }

  program(parts: Partial<Pick<Program, "inputs" | "outputs" | "states" | "updates" | "prologue" | "steps" | "modules">>): Program {
    const { inputs = [], outputs = [], states = [], updates = [], prologue = [], steps = [], modules = ["core"] } = parts;
    const marked = withBarriers(this.slots, steps);
    return { format: "edgegrad-program", version: PROGRAM_VERSION, modules, slots: this.slots, inputs, outputs, states, updates, status: this.status, prologue, steps: marked, bytes: this.bytes };
  }
}

export function at(slot: number, offset = 0): Word {
  return { slot, offset };
}

const floats = (...values: number[]): Float32Array => Float32Array.from(values);

export function executorContract(name: string, create: () => Promise<Executor>): void {
  describe(`${name} keeps the contract of executors`, () => {
    let executor: Executor;
    beforeAll(async () => {
      executor = await create();
    });

    /** out = x, by way of scratch. */
    const passOn = (n: number): Program => {
      const hand = new Hand();
      const [x, middle, out] = [hand.slot("input", [n]), hand.slot("scratch", [n]), hand.slot("output", [n])];
      return hand.program({ inputs: [x], outputs: [out], steps: [hand.copy(x, middle), hand.copy(middle, out)] });
    };

    /** counter = counter + 1 in the prologue, which also reads `watched`; out = counter. `bystander` is bound and not read. */
    const countPrologues = (): Program => {
      const hand = new Hand();
      const [watched, bystander] = [hand.slot("state", [1]), hand.slot("state", [1])];
      const [zero, one, counter, out] = [hand.slot("derived", [1]), hand.slot("derived", [1]), hand.slot("derived", [1]), hand.slot("output", [1])];
      const prologue = [hand.add(watched, watched, zero, 2), hand.fill(one, 1), hand.add(counter, one, counter), hand.add(counter, zero, counter)];
      return hand.program({ outputs: [out], states: [watched, bystander], prologue, steps: [hand.copy(counter, out)] });
    };

    it("runs a program again and again; outputs are copies", () => {
      const program = passOn(5);
      verifyProgram(program);
      const linked = executor.link(program, []);
      expect(linked.run([floats(1, 2, 3, 4, 5)])).toEqual({ code: STATUS.ok, step: 0, element: 0 });
      const first = linked.output(0);
      linked.run([floats(6, 7, 8, 9, 10)]);
      expect([...first]).toEqual([1, 2, 3, 4, 5]);
      expect([...linked.output(0)]).toEqual([6, 7, 8, 9, 10]);
      linked.release();
    });

    it("takes inputs that are windows of larger buffers", () => {
      const linked = executor.link(passOn(2), []);
      linked.run([floats(1, 2, 3, 4).subarray(1, 3)]);
      expect([...linked.output(0)]).toEqual([2, 3]);
      linked.release();
    });

    it("copies an input once that was said to last, until it is given another, and all others at every run", () => {
      const n = 10_000;
      const linked = executor.link(passOn(n), []);
      const first = (): number => linked.output(0)[0]!;
      const [lasting, other] = [new Float32Array(n).fill(1), new Float32Array(n).fill(3)];
      markLasting(lasting);
      linked.run([lasting]);
      // Breaks the promise, to see that nobody looks.
      lasting.fill(2);
      linked.run([lasting]);
      expect(first()).toBe(1);
      linked.run([other]);
      expect(first()).toBe(3);
      other.fill(4);
      linked.run([other]);
      expect(first()).toBe(4);
      linked.run([lasting]);
      expect(first()).toBe(2);
    });

    it("refuses inputs of another size or number, and programs whose modules it has not", () => {
      const linked = executor.link(passOn(2), []);
      expect(() => linked.run([floats(1, 2, 3)])).toThrow(/input 0 has 12 B, expected 8 B/);
      expect(() => linked.run([])).toThrow(/0 inputs given, expected 1/);
      expect(() => executor.link({ ...passOn(2), modules: ["core", "astrology"] }, [])).toThrow(DeviceError);
      expect(() => executor.link({ ...passOn(2), modules: ["core", "astrology"] }, [])).toThrow(/astrology/);
      linked.release();
    });

    it("holds variables: zeroed, written, read, counted by version", () => {
      const state = executor.allocate(12);
      expect([...executor.read(state, "float32", 3)]).toEqual([0, 0, 0]);
      const { version } = state;
      executor.write(state, floats(1, 2, 3));
      expect(state.version).not.toBe(version);
      const copy = executor.read(state, "float32", 3);
      executor.write(state, floats(4, 5, 6));
      expect([...copy]).toEqual([1, 2, 3]);
      expect(() => executor.write(state, floats(1))).toThrow(/12 B cannot take 4 B/);
      executor.free(state);
    });

    it("zeroes memory that was used before", () => {
      const first = executor.allocate(64);
      executor.write(first, new Float32Array(16).fill(7));
      executor.free(first);
      const second = executor.allocate(64);
      expect([...executor.read(second, "float32", 16)]).toEqual(new Array(16).fill(0));
      executor.free(second);
    });

    it("lets programs share variables and change them", () => {
      const state = executor.allocate(8);
      const hand = new Hand();
      const [w, x] = [hand.slot("state", [2]), hand.slot("input", [2])];
      const adder = executor.link(hand.program({ inputs: [x], states: [w], updates: [w], steps: [hand.add(w, x, w)] }), [state]);
      const other = new Hand();
      const [v, out] = [other.slot("state", [2]), other.slot("output", [2])];
      const reader = executor.link(other.program({ outputs: [out], states: [v], steps: [other.copy(v, out)] }), [state]);
      const { version } = state;
      adder.run([floats(1, 2)]);
      adder.run([floats(10, 20)]);
      expect(state.version).not.toBe(version);
      reader.run([]);
      expect([...reader.output(0)]).toEqual([11, 22]);
      adder.release();
      reader.release();
      executor.free(state);
    });

    it("runs the prologue once, and again when a variable that it reads has changed", () => {
      const [watched, bystander] = [executor.allocate(4), executor.allocate(4)];
      const linked = executor.link(countPrologues(), [watched, bystander]);
      const ran = (): number => {
        linked.run([]);
        return linked.output(0)[0]!;
      };
      expect([ran(), ran()]).toEqual([1, 1]);
      executor.write(watched, floats(3));
      expect([ran(), ran()]).toEqual([2, 2]);
      executor.write(bystander, floats(3));
      expect(ran()).toBe(2);
      linked.release();
      [watched, bystander].forEach((state) => executor.free(state));
    });

    it("reports a failing prologue at every run", () => {
      const [table, index] = [executor.allocate(8), executor.allocate(4)];
      executor.write(index, Int32Array.of(9));
      const hand = new Hand();
      const [t, i] = [hand.slot("state", [2]), hand.slot("state", [1], "int32")];
      const [picked, out] = [hand.slot("derived", [1]), hand.slot("output", [1])];
      const linked = executor.link(hand.program({ outputs: [out], states: [t, i], prologue: [hand.gather(t, i, picked)], steps: [hand.copy(picked, out)] }), [table, index]);
      expect(linked.run([]).code).toBe(STATUS.indexOutOfRange);
      expect(linked.run([]).code).toBe(STATUS.indexOutOfRange);
      executor.write(index, Int32Array.of(1));
      expect(linked.run([]).code).toBe(STATUS.ok);
      linked.release();
      [table, index].forEach((state) => executor.free(state));
    });

    it("takes one side of a branch by its condition", () => {
      const hand = new Hand();
      const [condition, out] = [hand.slot("input", [1], "int32"), hand.slot("output", [1])];
      const branch: Step = { kind: "branch", condition, steps: [hand.fill(out, 1)], otherwise: [hand.fill(out, 2)] };
      const linked = executor.link(hand.program({ inputs: [condition], outputs: [out], steps: [branch] }), []);
      for (const [value, expected] of [[1, 1], [0, 2], [-5, 1]] as const) {
        linked.run([Int32Array.of(value)]);
        expect(linked.output(0)[0]).toBe(expected);
      }
      linked.release();
    });

    it("repeats a loop, loops in loops and branches in loops, 0 times too", () => {
      const hand = new Hand();
      const [condition, one, sum, out] = [hand.slot("input", [1], "int32"), hand.slot("scratch", [1]), hand.slot("scratch", [1]), hand.slot("output", [1])];
      const addOne = hand.add(sum, one, sum);
      const branch: Step = { kind: "branch", condition, steps: [addOne], otherwise: [] };
      const steps: Step[] = [
        hand.fill(one, 1),
        hand.fill(sum, 0),
        { kind: "loop", count: 3, steps: [{ kind: "loop", count: 4, steps: [addOne] }, branch] },
        { kind: "loop", count: 0, steps: [addOne] },
        hand.copy(sum, out),
      ];
      const program = hand.program({ inputs: [condition], outputs: [out], steps });
      verifyProgram(program);
      const linked = executor.link(program, []);
      for (const [value, expected] of [[1, 15], [0, 12]] as const) {
        linked.run([Int32Array.of(value)]);
        expect(linked.output(0)[0]).toBe(expected);
      }
      linked.release();
    });

    it("reports the first failure of a run, and forgets it at the next", () => {
      const hand = new Hand();
      const [table, i, j] = [hand.slot("input", [3]), hand.slot("input", [1], "int32"), hand.slot("input", [1], "int32")];
      const [a, b] = [hand.slot("output", [1]), hand.slot("output", [1])];
      const linked = executor.link(hand.program({ inputs: [table, i, j], outputs: [a, b], steps: [hand.gather(table, i, a), hand.gather(table, j, b)] }), []);
      const run = (first: number, second: number) => linked.run([floats(5, 6, 7), Int32Array.of(first), Int32Array.of(second)]);
      expect(run(3, -1)).toEqual({ code: STATUS.indexOutOfRange, step: 0, element: 0 });
      expect(run(2, -1)).toEqual({ code: STATUS.indexOutOfRange, step: 1, element: 0 });
      expect(run(0, 1)).toEqual({ code: STATUS.ok, step: 0, element: 0 });
      expect([linked.output(0)[0], linked.output(1)[0]]).toEqual([5, 6]);
      linked.release();
    });

    it("gives every unit to a thread, in steps that agree how to cut and in steps that do not", () => {
      const [rows, cols] = [301, 67];
      const hand = new Hand();
      const slot = (space: Space): number => hand.slot(space, [rows, cols]);
      const [x, turned, sum, ones, out, back] = [slot("input"), slot("scratch"), slot("scratch"), slot("scratch"), slot("output"), slot("output")];
      const steps = [
        hand.fill(ones, 1),
        hand.transpose(x, turned, rows, cols),
        hand.add(turned, ones, sum),
        hand.add(sum, turned, sum),
        hand.transpose(sum, back, cols, rows),
        hand.copy(sum, out),
        // Over what others may still be reading.
        hand.fill(sum, 0),
      ];
      const program = hand.program({ inputs: [x], outputs: [out, back], steps });
      verifyProgram(program);
      const linked = executor.link(program, []);
      for (let seed = 1; seed <= 20; seed++) {
        const data = Float32Array.from({ length: rows * cols }, (_, i) => Math.fround(Math.sin(seed * i)));
        linked.run([data]);
        const expected = data.map((v) => Math.fround(Math.fround(v + 1) + v));
        const [turnedSum, plainSum] = [linked.output(0), linked.output(1)];
        expect(expected.findIndex((v, i) => plainSum[i] !== v)).toBe(-1);
        expect(expected.findIndex((v, i) => turnedSum[(i % cols) * rows + Math.floor(i / cols)] !== v)).toBe(-1);
      }
      linked.release();
    });

    it("starts runs for callers that can wait, one after the other", async () => {
      const state = executor.allocate(4000);
      const hand = new Hand();
      const [w, x, out] = [hand.slot("state", [1000]), hand.slot("input", [1000]), hand.slot("output", [1000])];
      const linked = executor.link(hand.program({ inputs: [x], outputs: [out], states: [w], updates: [w], steps: [hand.add(w, x, w), hand.copy(w, out)] }), [state]);
      const sums: number[] = [];
      for (let i = 1; i <= 3; i++) {
        const { status, outputs } = await linked.start([new Float32Array(1000).fill(i)]);
        expect(status.code).toBe(STATUS.ok);
        sums.push(outputs[0]![999]!);
      }
      expect(sums).toEqual([1, 3, 6]);
      await expect(linked.start([floats(1)])).rejects.toThrow(/input 0 has 4 B/);
      linked.release();
      executor.free(state);
    });

    it("shares one scratch arena, as large as the largest program; the others follow when it moves", () => {
      const small = executor.link(passOn(16), []);
      small.run([new Float32Array(16).fill(1)]);
      const before = executor.usage().arenaBytes;
      // So that the arena cannot grow where it is.
      const wall = executor.allocate(1000);
      const n = before / 4 + 50_000;
      const large = executor.link(passOn(n), []);
      large.run([new Float32Array(n).fill(2)]);
      expect(executor.usage().arenaBytes).toBeGreaterThan(before);
      // Where the arena was, there is something else now.
      const tenant = executor.allocate(before);
      executor.write(tenant, new Float32Array(before / 4).fill(5));
      small.run([new Float32Array(16).fill(3)]);
      expect([...small.output(0)]).toEqual(new Array(16).fill(3));
      expect(executor.read(tenant, "float32", before / 4).every((x) => x === 5)).toBe(true);
      expect(large.output(0).every((x) => x === 2)).toBe(true);
      small.release();
      large.release();
      [wall, tenant].forEach((state) => executor.free(state));
    });

    it("keeps variables and linked programs whole when memory grows", () => {
      const state = executor.allocate(8);
      executor.write(state, floats(1, 2));
      const linked = executor.link(passOn(2), []);
      linked.run([floats(3, 4)]);
      const { totalBytes } = executor.usage();
      const large = executor.allocate(totalBytes + 1_000_000);
      expect(executor.usage().totalBytes).toBeGreaterThan(totalBytes);
      expect([...executor.read(state, "float32", 2)]).toEqual([1, 2]);
      expect([...linked.output(0)]).toEqual([3, 4]);
      linked.run([floats(5, 6)]);
      expect([...linked.output(0)]).toEqual([5, 6]);
      linked.release();
      [state, large].forEach((one) => executor.free(one));
    });

    it("gives memory back: 1,000 programs and variables made and dropped leave what was there before", () => {
      const cycle = (): void => {
        const linked = executor.link(passOn(1000), []);
        const state = executor.allocate(3000);
        linked.run([new Float32Array(1000)]);
        linked.release();
        linked.release();
        executor.free(state);
      };
      cycle();
      const before = executor.usage();
      for (let i = 0; i < 1000; i++) cycle();
      expect(executor.usage()).toEqual(before);
    });

    it("refuses to run what was released", () => {
      const linked = executor.link(passOn(1), []);
      const { programs } = executor.usage();
      linked.release();
      expect(executor.usage().programs).toBe(programs - 1);
      expect(() => linked.run([floats(1)])).toThrow(DeviceError);
    });
  });
}
