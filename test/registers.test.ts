// The tables that TypeScript and AssemblyScript both hold are equal: kernels, micro-ops, modes of a tile's operands, codes of the status slot.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KERNELS, MODULES } from "../src/program/kernels.js";
import { EXTRA_OPCODE, MICRO, MODE } from "../src/program/micro.js";
import { STATUS } from "../src/program/program.js";

for (const name of MODULES) {
  const module = new WebAssembly.Module(readFileSync(new URL(`../dist/wasm/${name}.simd.wasm`, import.meta.url)));

  test(`${name}.simd.wasm exports the kernels of its register and nothing else`, () => {
    const expected = Object.entries(KERNELS).flatMap(([kernel, home]) => (home === name ? [{ name: kernel, kind: "function" }] : []));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(WebAssembly.Module.exports(module).sort(byName)).toEqual(expected.sort(byName));
  });

  test(`${name}.simd.wasm imports a memory and nothing else`, () => {
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: "env", name: "memory", kind: "memory" }]);
  });
}

for (const [file, isHere] of [["micro.ts", (opcode: number) => opcode < EXTRA_OPCODE], ["micro.extra.ts", (opcode: number) => opcode >= EXTRA_OPCODE]] as const) {
  const here = Object.entries(MICRO).flatMap(([name, opcode]) => (isHere(opcode) ? [[name.toUpperCase(), opcode] as const] : []));

  test(`assembly/${file} has the opcodes of src/program/micro.ts`, () => {
    expect(constants(file, /^export const ([A-Z0-9_]+) = (\d+);$/gm)).toEqual(Object.fromEntries(here));
  });

  test(`assembly/${file} runs every opcode it has`, () => {
    const cases = new Set([...source(file).matchAll(/^ {4}(?:case|if \(opcode ==) ([A-Z0-9_]+)[:)] /gm)].map(([, name]) => name));
    expect(here.map(([name]) => name).filter((name) => !cases.has(name))).toEqual([]);
  });
}

test("assembly/tile.ts has the modes of src/program/micro.ts", () => {
  const { temporary: _, ...modes } = MODE; // a temporary is what none of the others is: the kernel has no name for it
  const expected = Object.entries(modes).map(([name, mode]) => [name.toUpperCase(), mode]);
  expect(constants("tile.ts", /^const ([A-Z0-9]+): i32 = (\d+);$/gm)).toEqual(Object.fromEntries(expected));
});

test("the codes of assembly/status.ts are those of src/program/program.ts", () => {
  const codes = Object.entries(STATUS).map(([name, code]) => [name.replace(/[A-Z]/g, "_$&").toUpperCase(), code]);
  const reported = constants("status.ts", /^export const ([A-Z0-9_]+): i32 = (\d+);$/gm);
  expect(Object.keys(reported).length).toBeGreaterThan(0);
  expect(Object.fromEntries(codes)).toMatchObject(reported);
});

function source(name: string): string {
  return readFileSync(new URL(`../assembly/${name}`, import.meta.url), "utf8");
}

function constants(name: string, pattern: RegExp): Record<string, number> {
  return Object.fromEntries([...source(name).matchAll(pattern)].map(([, constant, value]) => [constant, Number(value)]));
}
