import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.js";
import { ALIGNMENT, PADDING } from "../../program/program.js";
import { WasmMemory } from "./memory.js";

const small = (maximum = 1000): WasmMemory => new WasmMemory(new WebAssembly.Memory({ initial: 2, maximum }));

describe("memory over a WebAssembly.Memory", () => {
  it("gives aligned blocks that never overlap, padding included: 20 random histories", () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const memory = small();
      const held: { address: number; bytes: number }[] = [];
      for (let step = 0; step < 400; step++) {
        if (held.length > 0 && random.bits() % 5 < 2) {
          const [block] = held.splice(random.bits() % held.length, 1);
          memory.release(block!.address, block!.bytes);
          continue;
        }
        const bytes = random.bits() % 20_000;
        const address = memory.allocate(bytes);
        expect(address % ALIGNMENT, `seed ${seed}`).toBe(0);
        expect(address + bytes + PADDING, `seed ${seed}`).toBeLessThanOrEqual(memory.memory.buffer.byteLength);
        for (const other of held) {
          const apart = address + bytes + PADDING <= other.address || other.address + other.bytes + PADDING <= address;
          expect(apart, `seed ${seed}, step ${step}`).toBe(true);
        }
        held.push({ address, bytes });
      }
    }
  });

  it("joins what is freed: after all is released, one block serves a request of the whole", () => {
    const memory = small();
    const blocks = [1000, 5000, 300, 9000].map((bytes) => ({ address: memory.allocate(bytes), bytes }));
    const { pages } = memory;
    for (const i of [2, 0, 3, 1]) memory.release(blocks[i]!.address, blocks[i]!.bytes);
    expect(memory.allocate(15_300)).toBe(blocks[0]!.address);
    expect(memory.pages).toBe(pages);
  });

  it("extends a free block at the end instead of leaving it behind", () => {
    const memory = small();
    const address = memory.allocate(1000);
    memory.release(address, 1000);
    expect(memory.allocate(50_000)).toBe(address);
  });

  it("says how much was wanted when it cannot grow, and goes on", () => {
    const memory = small(3);
    const address = memory.allocate(1000);
    memory.release(address, 1000);
    expect(() => memory.allocate(200_000)).toThrow(/needs 200000 B more, but the memory cannot grow from 131072 B/);
    expect(memory.allocate(2000)).toBe(address);
  });

  it("notices a block that is freed twice", () => {
    const memory = small();
    const address = memory.allocate(100);
    memory.release(address, 100);
    expect(() => memory.release(address, 100)).toThrow(/freed twice/);
  });
});
