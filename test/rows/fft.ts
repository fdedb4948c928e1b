// Rows of Fourier transforms and complex numbers. The reference sums term by term.
import { OPS } from "../../src/ops/index.js";
import type { FftAttrs } from "../../src/ops/fft.js";
import type { StftAttrs } from "../../src/ops/stft.js";
import { build, get, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const BOUND = [2e-7, "float64 inside: operands are exact, results rounded once"] as const;
const EXACT = [0, "elements are moved, not computed"] as const;

/** Every kind of factor: 1, small primes, their powers and products, a prime that goes the long way, and even numbers with one. */
const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16, 22, 31, 37, 45, 64, 74, 100, 111];

/** Σ over the axis before the last of complex numbers, for `count` results. */
function sums(z: Plain, count: number, sign: number, n: number, factor = 1): Plain {
  const length = z.shape.at(-2)!;
  const angles = Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n);
  return build([...z.shape.slice(0, -2), count, 2], (index) => {
    const [k, part] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let j = 0; j < Math.min(n, length); j++) {
      const angle = sign * angles[(j * k) % n]!;
      const [x, y] = [get(z, [...index.slice(0, -2), j, 0]), get(z, [...index.slice(0, -2), j, 1])];
      sum += part === 0 ? x * Math.cos(angle) - y * Math.sin(angle) : x * Math.sin(angle) + y * Math.cos(angle);
    }
    return factor * sum;
  });
}

function complex(x: Plain): Plain {
  return build([...x.shape, 2], (index) => (index.at(-1) === 0 ? get(x, index.slice(0, -1)) : 0));
}

/** Axis `axis` of those without the parts goes last, f has its way, and it goes back. */
function along(z: Plain, axis: number, f: (turned: Plain) => Plain): Plain {
  if (axis === -1) return f(z);
  const swap = (x: Plain): Plain => build([x.shape[1]!, x.shape[0]!, 2], ([i, j, part]) => get(x, [j!, i!, part!]));
  return swap(f(swap(z)));
}

/** The whole spectrum from its half. */
function whole(y: Plain, n: number): Plain {
  return build([...y.shape.slice(0, -2), n, 2], (index) => {
    const [k, part] = index.slice(-2) as [number, number];
    if (part === 1 && (k === 0 || 2 * k === n)) return 0;
    const mirror = 2 * k > n;
    const value = get(y, [...index.slice(0, -2), mirror ? n - k : k, part]);
    return mirror && part === 1 ? -value : value;
  });
}

function reals(z: Plain): Plain {
  return build(z.shape.slice(0, -1), (index) => get(z, [...index, 0]));
}

export const FFT: readonly Row[] = [
  row<FftAttrs>({
    op: "fft",
    apply: ([z], attrs) => OPS.fft(z!, attrs),
    reference: ([z], { axis = -1, n, inverse = false }) =>
      along(z!, axis, (turned) => {
        const length = n ?? turned.shape.at(-2)!;
        return sums(turned, length, inverse ? 1 : -1, length, inverse ? 1 / length : 1);
      }),
    tolerance: BOUND,
    cases: [
      ...LENGTHS.map((n, i) => ({ inputs: [{ shape: [2, n, 2] }], attrs: { inverse: i % 2 === 1 } })),
      { inputs: [{ shape: [6, 3, 2] }], attrs: { axis: 0 } },
      { inputs: [{ shape: [5, 2] }], attrs: { n: 8 } },
      { inputs: [{ shape: [5, 2] }], attrs: { n: 3, inverse: true } },
      { inputs: [{ shape: [0, 4, 2] }], attrs: {} },
    ],
  }),
  row<{ axis?: number; n?: number }>({
    op: "rfft",
    apply: ([x], attrs) => OPS.rfft(x!, attrs),
    reference: ([x], { axis = -1, n }) =>
      along(complex(x!), axis, (turned) => {
        const length = n ?? turned.shape.at(-2)!;
        return sums(turned, Math.floor(length / 2) + 1, -1, length);
      }),
    tolerance: BOUND,
    cases: [
      ...LENGTHS.map((n) => ({ inputs: [{ shape: [2, n] }], attrs: {} })),
      { inputs: [{ shape: [6, 3] }], attrs: { axis: 0 } },
      { inputs: [{ shape: [5] }], attrs: { n: 8 } },
      { inputs: [{ shape: [5] }], attrs: { n: 2 } },
    ],
  }),
  row<{ axis?: number; n?: number }>({
    op: "irfft",
    apply: ([y], attrs) => OPS.irfft(y!, attrs),
    reference: ([y], { n }) => {
      const length = n ?? 2 * (y!.shape.at(-2)! - 1);
      return reals(sums(whole(y!, length), length, 1, length, 1 / length));
    },
    tolerance: BOUND,
    cases: [
      ...LENGTHS.map((n) => ({ inputs: [{ shape: [2, Math.floor(n / 2) + 1, 2] }], attrs: { n } })),
      { inputs: [{ shape: [5, 2] }], attrs: {} },
      { inputs: [{ shape: [3, 2] }], attrs: { n: 7 } },
    ],
  }),
  row({
    op: "complex",
    apply: ([x, y]) => OPS.complex(x!, y!),
    reference: ([x, y]) => build([2, 3, 2], ([i, j, part]) => (part === 0 ? get(x!, [i!, j!]) : y!.data[j!]!)),
    tolerance: EXACT,
    cases: [{ inputs: [{ shape: [2, 3] }, { shape: [3] }], attrs: {} }],
  }),
  row({ op: "real", apply: ([z]) => OPS.real(z!), reference: ([z]) => reals(z!), tolerance: EXACT, cases: [{ inputs: [{ shape: [3, 2] }], attrs: {} }] }),
  row({
    op: "imag",
    apply: ([z]) => OPS.imag(z!),
    reference: ([z]) => build(z!.shape.slice(0, -1), (index) => get(z!, [...index, 1])),
    tolerance: EXACT,
    cases: [{ inputs: [{ shape: [3, 2] }], attrs: {} }],
  }),
  row({
    op: "conj",
    apply: ([z]) => OPS.conj(z!),
    reference: ([z]) => build(z!.shape, (index) => (index.at(-1) === 1 ? -get(z!, index) : get(z!, index))),
    tolerance: EXACT,
    cases: [{ inputs: [{ shape: [3, 2] }], attrs: {} }],
  }),
  row({
    op: "complexMul",
    apply: ([a, b]) => OPS.complexMul(a!, b!),
    reference: ([a, b]) =>
      build([2, 3, 2], ([i, j, part]) => {
        const [x, y, u, v] = [get(a!, [i!, j!, 0]), get(a!, [i!, j!, 1]), get(b!, [j!, 0]), get(b!, [j!, 1])];
        return part === 0 ? x * u - y * v : x * v + y * u;
      }),
    tolerance: [3e-7, "two products and their sum"],
    cases: [{ inputs: [{ shape: [2, 3, 2] }, { shape: [3, 2] }], attrs: {} }],
  }),
  row({
    op: "complexAbs",
    apply: ([z]) => OPS.complexAbs(z!),
    reference: ([z]) => build(z!.shape.slice(0, -1), (index) => Math.hypot(get(z!, [...index, 0]), get(z!, [...index, 1]))),
    tolerance: [3e-7, "two squares, their sum and its root"],
    cases: [{ inputs: [{ shape: [3, 2], domain: [0.2, 1] }], attrs: {} }, { inputs: [{ shape: [2, 2], values: [0, 0, 3, 4] }], attrs: {} }],
  }),
  row<{ length: number; hop: number }>({
    op: "frame",
    apply: ([x], attrs) => OPS.frame(x!, attrs),
    reference: ([x], { length, hop }) =>
      build([...x!.shape.slice(0, -1), Math.floor((x!.shape.at(-1)! - length) / hop) + 1, length], (index) => get(x!, [...index.slice(0, -2), index.at(-2)! * hop + index.at(-1)!])),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [10] }], attrs: { length: 4, hop: 2 } },
      { inputs: [{ shape: [2, 9] }], attrs: { length: 3, hop: 4 } },
      { inputs: [{ shape: [5] }], attrs: { length: 5, hop: 1 } },
    ],
  }),
  row<{ hop: number; n?: number }>({
    op: "overlapAdd",
    apply: ([x], attrs) => OPS.overlapAdd(x!, attrs),
    reference: ([x], { hop, n }) => {
      const [count, length] = x!.shape.slice(-2) as [number, number];
      return build([...x!.shape.slice(0, -2), n ?? (count - 1) * hop + length], (index) => {
        let sum = 0;
        for (let k = 0; k < count; k++) sum += get(x!, [...index.slice(0, -1), k, index.at(-1)! - k * hop]);
        return sum;
      });
    },
    tolerance: [3e-7, "two or three terms"],
    cases: [{ inputs: [{ shape: [4, 4] }], attrs: { hop: 2 } }, { inputs: [{ shape: [2, 3, 3] }], attrs: { hop: 4, n: 12 } }],
  }),
  row<StftAttrs>({
    op: "stft",
    apply: ([x], attrs) => OPS.stft(x!, attrs),
    reference: ([x], { frameLength, hop = Math.max(1, Math.floor(frameLength / 4)), fftLength = frameLength, window = "hann" }) => {
      const a = { hann: 0.5, hamming: 0.54, none: 1 }[window];
      const frames = build([...x!.shape.slice(0, -1), Math.floor((x!.shape.at(-1)! - frameLength) / hop) + 1, frameLength], (index) =>
        get(x!, [...index.slice(0, -2), index.at(-2)! * hop + index.at(-1)!]) * (a - (1 - a) * Math.cos((2 * Math.PI * index.at(-1)!) / frameLength)),
      );
      return sums(complex(frames), Math.floor(fftLength / 2) + 1, -1, fftLength);
    },
    tolerance: [1e-6, "the window is rounded to float32"],
    cases: [
      { inputs: [{ shape: [20] }], attrs: { frameLength: 8 } },
      { inputs: [{ shape: [2, 15] }], attrs: { frameLength: 5, hop: 3, fftLength: 8, window: "hamming" } },
      { inputs: [{ shape: [12] }], attrs: { frameLength: 6, hop: 6, window: "none" } },
    ],
  }),
];
