import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { built } from "../../../test/shared.js";
import { withSharedMemory } from "./sharing.js";

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const text = (name: string): number[] => [name.length, ...new TextEncoder().encode(name)];
/** A module that imports a function, a table, a global and a memory with these limits, in this order. */
const withImports = (limits: readonly number[]): Uint8Array => {
  const imports = [4, ...text("e"), ...text("f"), 0, 0, ...text("e"), ...text("t"), 1, 112, 0, 3, ...text("e"), ...text("g"), 3, 127, 0, ...text("env"), ...text("memory"), 2, ...limits];
  return Uint8Array.from([...HEADER, 1, 4, 1, 96, 0, 0, 2, imports.length, ...imports]);
};

describe("withSharedMemory", () => {
  it.each(["core", "train", "extra"])("changes one byte of %s, which then takes a shared memory and no other", (name) => {
    const bytes = new Uint8Array(readFileSync(built(`wasm/${name}.simd.wasm`)));
    const before = bytes.slice();
    const shared = withSharedMemory(bytes);
    expect(bytes).toEqual(before);
    expect([...shared].filter((byte, i) => byte !== bytes[i]).length).toBe(1);
    const module = new WebAssembly.Module(shared);
    const memory = (isShared: boolean): WebAssembly.Memory => new WebAssembly.Memory({ initial: 2, maximum: 65536, shared: isShared });
    expect(Object.keys(new WebAssembly.Instance(module, { env: { memory: memory(true) } }).exports).length).toBeGreaterThan(2);
    expect(() => new WebAssembly.Instance(module, { env: { memory: memory(false) } })).toThrow(WebAssembly.LinkError);
    expect(withSharedMemory(shared)).toEqual(shared);
  });

  it("finds the memory among other imports, and numbers of several bytes", () => {
    for (const limits of [[1, 2, 16], [1, 0x80, 0x80, 0, 0x80, 0x80, 4]]) {
      const [shared, bytes] = [withSharedMemory(withImports(limits)), withImports(limits)];
      const changed = [...bytes.keys()].filter((i) => bytes[i] !== shared[i]);
      expect(changed).toEqual([bytes.length - limits.length]);
      expect(shared[changed[0]!]).toBe(3);
      expect(WebAssembly.Module.imports(new WebAssembly.Module(shared)).map(({ kind }) => kind)).toEqual(["function", "table", "global", "memory"]);
    }
  });

  it.each([
    ["no maximum", withImports([0, 2]), /has no maximum/],
    ["no memory", Uint8Array.from([...HEADER, 2, 1, 0]), /imports no memory/],
    ["no imports", Uint8Array.from(HEADER), /imports nothing/],
    ["an end in the middle", withImports([1, 2, 16]).subarray(0, 40), /is cut off/],
    ["an unknown import", Uint8Array.from([...HEADER, 2, 6, 1, ...text("e"), ...text("x"), 9]), /kind 9 is not known/],
  ])("refuses a module with %s", (_, bytes, message) => {
    expect(() => withSharedMemory(bytes)).toThrow(message);
  });
});
