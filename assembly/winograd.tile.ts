// Winograd's transforms for tiles of 2×2 outputs, F(2×2, 3×3): points 0, 1, −1, ∞. Lavin & Gray 2015, section 4.1.
// Sums and halves only: as accurate as the sums they replace. Four channels (lanes) at a time; a tile sees 4×4 inputs,
// and position 4 · row + column of its transform lies that many times `position` bytes from the first.

/** Down the columns of the input: four rows (u32 addresses) of `count` floats to four rows, `pitch` bytes apart. Writes up to 3 floats past each. */
export function inputRows2(rows: usize, count: i32, target: usize, pitch: usize): void {
  let p0 = <usize>load<u32>(rows), p1 = <usize>load<u32>(rows, 4), p2 = <usize>load<u32>(rows, 8), p3 = <usize>load<u32>(rows, 12);
  let t1 = target + pitch, t2 = t1 + pitch, t3 = t2 + pitch;
  for (; count > 0; count -= 4) {
    const d0 = v128.load(p0), d1 = v128.load(p1), d2 = v128.load(p2), d3 = v128.load(p3);
    v128.store(target, f32x4.sub(d0, d2));
    v128.store(t1, f32x4.add(d1, d2));
    v128.store(t2, f32x4.sub(d2, d1));
    v128.store(t3, f32x4.sub(d1, d3));
    p0 += 16; p1 += 16; p2 += 16; p3 += 16;
    target += 16; t1 += 16; t2 += 16; t3 += 16;
  }
}

/** Along a row of a tile, whose columns lie `column` bytes apart: a row of positions. Vectors of four channels lie `step` bytes apart there. */
export function inputColumns2(p: usize, column: usize, channels: i32, target: usize, position: usize, step: usize): void {
  let p1 = p + column, p2 = p1 + column, p3 = p2 + column;
  let t1 = target + position, t2 = t1 + position, t3 = t2 + position;
  for (; channels > 0; channels -= 4) {
    const d0 = v128.load(p), d1 = v128.load(p1), d2 = v128.load(p2), d3 = v128.load(p3);
    v128.store(target, f32x4.sub(d0, d2));
    v128.store(t1, f32x4.add(d1, d2));
    v128.store(t2, f32x4.sub(d2, d1));
    v128.store(t3, f32x4.sub(d1, d3));
    p += 16; p1 += 16; p2 += 16; p3 += 16;
    target += step; t1 += step; t2 += step; t3 += step;
  }
}

/** Three taps, `from` bytes apart at p, to four values, `to` bytes apart at target; target may be p. */
@inline
export function filterLine2(p: usize, from: usize, target: usize, to: usize): void {
  const half = f32x4.splat(0.5);
  const g0 = v128.load(p), g1 = v128.load(p + from), g2 = v128.load(p + 2 * from);
  const ends = f32x4.add(g0, g2);
  v128.store(target, g0);
  v128.store(target + to, f32x4.mul(f32x4.add(ends, g1), half));
  v128.store(target + 2 * to, f32x4.mul(f32x4.sub(ends, g1), half));
  v128.store(target + 3 * to, g2);
}

/** The products m of a tile to its outputs, `row` and `column` bytes apart: act(… + bias). Whole vectors of four channels. */
export function outputTile2(m: usize, position: usize, channels: i32, bias: usize, relu: bool, out: usize, row: usize, column: usize): void {
  const zero = f32x4.splat(0);
  const down: usize = 4 * position, down2: usize = 2 * down, down3: usize = 3 * down;
  let out10 = out + row;
  for (; channels > 0; channels -= 4) {
    let p = m;
    let m1 = v128.load(p + down), m2 = v128.load(p + down2);
    let y00 = f32x4.add(f32x4.add(v128.load(p), m1), m2);
    let y10 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + down3));
    p += position;
    m1 = v128.load(p + down); m2 = v128.load(p + down2);
    let y01 = f32x4.add(f32x4.add(v128.load(p), m1), m2);
    let y11 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + down3));
    y00 = f32x4.add(y00, y01);
    y10 = f32x4.add(y10, y11);
    p += position;
    m1 = v128.load(p + down); m2 = v128.load(p + down2);
    let top = f32x4.add(f32x4.add(v128.load(p), m1), m2);
    let bottom = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + down3));
    y00 = f32x4.add(y00, top); y01 = f32x4.sub(y01, top);
    y10 = f32x4.add(y10, bottom); y11 = f32x4.sub(y11, bottom);
    p += position;
    m1 = v128.load(p + down); m2 = v128.load(p + down2);
    top = f32x4.add(f32x4.add(v128.load(p), m1), m2);
    bottom = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + down3));
    const b = v128.load(bias);
    y00 = f32x4.add(y00, b); y01 = f32x4.add(f32x4.sub(y01, top), b);
    y10 = f32x4.add(y10, b); y11 = f32x4.add(f32x4.sub(y11, bottom), b);
    if (relu) {
      y00 = f32x4.pmax(y00, zero); y01 = f32x4.pmax(y01, zero);
      y10 = f32x4.pmax(y10, zero); y11 = f32x4.pmax(y11, zero);
    }
    v128.store(out, y00); v128.store(out + column, y01);
    v128.store(out10, y10); v128.store(out10 + column, y11);
    m += 16; bias += 16; out += 16; out10 += 16;
  }
}

/** Two of dy to four values, `to` bytes apart: the output's transform, transposed. */
@inline
export function gradLine2(d0: v128, d1: v128, target: usize, to: usize): void {
  v128.store(target, d0);
  v128.store(target + to, f32x4.add(d0, d1));
  v128.store(target + 2 * to, f32x4.sub(d0, d1));
  v128.store(target + 3 * to, f32x4.neg(d1));
}

/** Four sums, `from` bytes apart, to three taps, `to` bytes apart: filterLine2, transposed. target may be p. */
@inline
export function tapLine2(p: usize, from: usize, target: usize, to: usize): void {
  const half = f32x4.splat(0.5);
  const s1 = v128.load(p + from), s2 = v128.load(p + 2 * from);
  const sum = f32x4.mul(f32x4.add(s1, s2), half);
  const first = f32x4.add(v128.load(p), sum), last = f32x4.add(sum, v128.load(p + 3 * from));
  v128.store(target, first);
  v128.store(target + to, f32x4.mul(f32x4.sub(s1, s2), half));
  v128.store(target + 2 * to, last);
}
