import { describe, expect, it } from "vitest";
import { cos, exp, log, pow, sin, tanh } from "./math.js";
import { createRandom } from "./random.js";
import { ValueError } from "./errors.js";

type Row = [fn: (x: number) => number, x: number, correct: number];

/** Correctly rounded values, computed with 200 bits. */
const KNOWN: Row[] = [
  [exp, 0, 1],
  [exp, 1, 2.718281828459045],
  [exp, -1, 0.36787944117144233],
  [exp, 0.1, 1.1051709180756477],
  [exp, -20.5, 1.2501528663867426e-9],
  [exp, 700, 1.0142320547350045e304],
  [log, 1, 0],
  [log, 2, 0.6931471805599453],
  [log, 0.1, -2.3025850929940455],
  [log, 10, 2.302585092994046],
  [log, 1.0000001, 9.999999505838704e-8],
  [log, 1e-300, -690.7755278982137],
  [log, 5e-324, -744.4400719213812],
  [sin, 1, 0.8414709848078965],
  [sin, Math.PI, 1.2246467991473532e-16],
  [sin, 100000, 0.03574879797201651],
  [cos, 1, 0.5403023058681398],
  [cos, Math.PI / 2, 6.123233995736766e-17],
  [cos, 100000, -0.9993608074382124],
  [tanh, 1e-10, 1e-10],
  [tanh, 0.5, 0.46211715726000974],
  [tanh, 1, 0.7615941559557649],
  [tanh, -3, -0.9950547536867305],
];

const POWERS: [x: number, y: number, correct: number][] = [
  [0.999, 1000, 0.36769542477096373],
  [0.9, 0.5, 0.9486832980505138],
  [1.0000001, 1e9, 2.6881038582144647e43],
  [0.96, 12.345, 0.6041410859269234],
  [10, -300, 1e-300],
  [3, 40, 1.2157665459056929e19],
  [-2, 31, -2147483648],
  [2, 0.5, 1.4142135623730951],
];

const relative = (got: number, correct: number): number => (got === correct ? 0 : Math.abs(got - correct) / Math.abs(correct));

describe("base/math", () => {
  it.each(KNOWN)("%o at %d is right to 8e-16", (fn, x, correct) => {
    expect(relative(fn(x), correct)).toBeLessThan(8e-16);
  });

  it.each(POWERS)("pow(%d, %d) is right to 4e-16", (x, y, correct) => {
    expect(relative(pow(x, y), correct)).toBeLessThan(4e-16);
  });

  // The platform's functions are themselves good to 1 ulp (2.2e-16), which the bounds here add to ours.
  const SWEEPS: [fn: (x: number) => number, host: (x: number) => number, from: number, to: number, bound: number][] = [
    [exp, Math.exp, -700, 709, 6e-16],
    [exp, Math.exp, -1, 1, 6e-16],
    [log, Math.log, 0, 10, 5e-16],
    [log, Math.log, 0.99, 1.01, 5e-16],
    [tanh, Math.tanh, -3, 3, 1e-15],
    [sin, Math.sin, -7, 7, 6e-16],
    [sin, Math.sin, -1e6, 1e6, 6e-16],
    [cos, Math.cos, -7, 7, 6e-16],
  ];
  it.each(SWEEPS)("%o stays within its bound of %o over [%d, %d]: %d", (fn, host, from, to, bound) => {
    const random = createRandom(1);
    let worst = 0;
    for (let i = 0; i < 20000; i++) {
      const x = random.uniform(from, to);
      worst = Math.max(worst, relative(fn(x), host(x)));
    }
    expect(worst).toBeLessThan(bound);
  });

  it("exp is right in the subnormal numbers to one step of 2^-1074", () => {
    for (const x of [-710, -720.5, -740, -745]) expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(5e-324);
  });

  it("whole powers below 2^53 are exact", () => {
    for (let base = 2; base < 1000; base++) {
      let exact = base;
      for (let y = 2; (exact *= base) <= Number.MAX_SAFE_INTEGER; y++) {
        if (pow(base, y) !== exact) throw new Error(`pow(${base}, ${y}) = ${pow(base, y)}, not ${exact}`);
      }
    }
    expect(pow(0.9, 1)).toBe(0.9);
    expect(pow(2, -1074)).toBe(5e-324);
  });

  const SPECIAL: number[] = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300, 1e-300, Infinity, -Infinity, NaN];
  it("special values are those of the language", () => {
    for (const x of SPECIAL) {
      expect(Object.is(exp(x), Math.exp(x)) || relative(exp(x), Math.exp(x)) < 4e-16, `exp(${x})`).toBe(true);
      expect(Object.is(log(x), Math.log(x)) || relative(log(x), Math.log(x)) < 4e-16, `log(${x})`).toBe(true);
      expect(Object.is(tanh(x), Math.tanh(x)) || relative(tanh(x), Math.tanh(x)) < 8e-16, `tanh(${x})`).toBe(true);
      for (const y of SPECIAL) {
        const host = x ** y;
        expect(Object.is(pow(x, y), host) || relative(pow(x, y), host) < 6e-16, `pow(${x}, ${y}) = ${pow(x, y)}, not ${host}`).toBe(true);
      }
    }
    for (const fn of [sin, cos]) for (const x of [NaN, Infinity, -Infinity]) expect(fn(x)).toBeNaN();
    expect(sin(-0)).toBe(-0);
  });

  it("refuses angles whose reduction would lose digits", () => {
    expect(() => sin(1e7)).toThrow(ValueError);
    expect(() => sin(1e7)).toThrow("sin: takes angles up to ±1000000 radians, got 10000000");
  });
});
