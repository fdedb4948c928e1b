// Roots of unity in float64, one a vector (real, imaginary): cosines and sines of fractions of a turn, reduced exactly, in whole numbers.

const QUARTER_PI: f64 = 0.7853981633974483;

/** roots[k] ← e^(sign·2πi·k/n) for k < count, within 3e-16. A few are computed, the others are products of two of them. */
export function fillRoots(roots: usize, count: i32, n: i32, sign: i32): void {
  let block = 1;
  while (block * block < count) block <<= 1;
  for (let first = 0; first < count; first += block) {
    let w = root(first, n);
    if (sign < 0) w = v128.xor(w, i64x2(0, i64.MIN_VALUE));
    const real = v128.shuffle<f64>(w, w, 0, 0);
    const imaginary = v128.xor(v128.shuffle<f64>(w, w, 1, 1), i64x2(i64.MIN_VALUE, 0));
    for (let k = 0; k < min(block, count - first); k++) {
      let fine: v128;
      if (first == 0) {
        fine = root(k, n);
        if (sign < 0) fine = v128.xor(fine, i64x2(0, i64.MIN_VALUE));
      } else {
        const other = v128.load(roots + (<usize>k << 4));
        fine = f64x2.add(f64x2.mul(other, real), f64x2.mul(v128.shuffle<f64>(other, other, 1, 0), imaginary));
      }
      v128.store(roots + (<usize>(first + k) << 4), fine);
    }
  }
}

/** e^(2πi·k/n), 0 ≤ k ≤ n. */
export function root(k: i64, n: i32): v128 {
  const eighths = 8 * k;
  const octant = <i32>(eighths / n);
  const rest = eighths - <i64>octant * n;
  const mirrored = (octant & 1) != 0;
  const angle = QUARTER_PI * (<f64>(mirrored ? n - rest : rest) / <f64>n);
  const z = angle * angle;
  // Taylor: what follows is below 2⁻⁵⁵ up to π/4.
  const sine = angle + angle * z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880 + z * (-1.0 / 39916800 + z * (1.0 / 6227020800.0 + z * (-1.0 / 1307674368000.0)))))));
  const cosine = 1 - 0.5 * z + z * z * (1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 + z * (-1.0 / 3628800 + z * (1.0 / 479001600 + z * (-1.0 / 87178291200.0 + z * (1.0 / 20922789888000.0)))))));
  const x = mirrored ? sine : cosine, y = mirrored ? cosine : sine;
  switch ((octant >> 1) & 3) {
    case 0: return f64x2(x, y);
    case 1: return f64x2(-y, x);
    case 2: return f64x2(-x, -y);
    default: return f64x2(y, -x);
  }
}
