// Loops that show what the machine can give, in AssemblyScript, for plain or relaxed SIMD.
//
// chains, products: multiplies and adds into twelve accumulators that never leave their registers. One result needs a while, so several are always under way.
//   In chains an accumulator waits for a multiply and an add of its own; that is the most a processor with few units gives, and needs no loads. In products it
//   waits for an add alone, and the factors are read again from the same line of memory, as a matrix product must. Which is faster differs; see contender.mjs.
// triad: d = a · b + c over arrays, which is all that the chain relu(a·b + c) moves.
// Numbers come from memory: V8 makes constants anew at every use.
const ROWS = 6;
const COLUMNS = 2;
const ACCUMULATORS = ROWS * COLUMNS;

/** Floating-point operations of a round of chains or products. */
export const ROUND_FLOPS = ACCUMULATORS * 4 * 2;

export function limitsSource(relaxed) {
  const accumulators = Array.from({ length: ACCUMULATORS }, (_, i) => `c${i}`);
  const multiplyAdd = (x, y, z) => (relaxed ? `f32x4.relaxed_madd(${x}, ${y}, ${z})` : `f32x4.add(f32x4.mul(${x}, ${y}), ${z})`);
  const loop = (name, before, body) => `
export function ${name}(rounds: i32, p: usize): f32 {
${before}
${accumulators.map((c, i) => `  let ${c} = v128.load(p, ${32 + 16 * i});`).join("\n")}
  for (let i = 0; i < rounds; i++) {
${body}
  }
  const sum = ${accumulators.reduce((sum, c) => `f32x4.add(${sum}, ${c})`)};
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
}`;
  const chains = accumulators.map((c) => `    ${c} = ${multiplyAdd(c, "x", "y")};`);
  const products = Array.from({ length: ROWS }, (_, row) => [
    `    a = v128.load32_splat(p, ${4 * row});`,
    ...Array.from({ length: COLUMNS }, (_, column) => {
      const c = accumulators[row * COLUMNS + column];
      return `    ${c} = ${multiplyAdd("a", `b${column}`, c)};`;
    }),
  ]).flat();
  return `${loop("chains", "  const x = v128.load(p), y = v128.load(p, 16);", chains.join("\n"))}
${loop("products", "  let a: v128;", ["    const b0 = v128.load(p), b1 = v128.load(p, 16);", ...products].join("\n"))}

export function triad(d: usize, a: usize, b: usize, c: usize, count: i32): void {
  const end = d + (<usize>count << 2);
  for (; d < end; d += 32, a += 32, b += 32, c += 32) {
    v128.store(d, ${multiplyAdd("v128.load(a)", "v128.load(b)", "v128.load(c)")});
    v128.store(d, ${multiplyAdd("v128.load(a, 16)", "v128.load(b, 16)", "v128.load(c, 16)")}, 16);
  }
}
`;
}
