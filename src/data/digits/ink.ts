// Ink: what a pen left, as short straight pieces with a radius; and how a smooth curve becomes such pieces.

/** Growing lists of points, reused from digit to digit. A point with `down` 0 begins a new stroke. */
export class Ink {
  readonly x = new Float64Array(CAPACITY);
  readonly y = new Float64Array(CAPACITY);
  readonly radius = new Float64Array(CAPACITY);
  readonly down = new Uint8Array(CAPACITY);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  add(x: number, y: number, down: boolean): void {
    const i = this.length;
    if (i === CAPACITY) return; // Far above any shape's need: a stroke that long would only cover itself.
    this.x[i] = x;
    this.y[i] = y;
    this.radius[i] = 1;
    this.down[i] = down ? 1 : 0;
    this.length = i + 1;
  }

  /**
   * Adds a smooth stroke through `count` control points (flat x, y); a point given twice is a corner.
   * step: about how long one piece is, in the points' units.
   *
   * Catmull and Rom's spline in its centripetal form, which never loops between points: Yuksel, Schaefer, Keyser 2011
   */
  addCurve(points: ArrayLike<number>, count: number, step: number): void {
    this.add(points[0]!, points[1]!, false);
    for (let i = 0; i + 1 < count; i++) {
      const x1 = points[2 * i]!;
      const y1 = points[2 * i + 1]!;
      const x2 = points[2 * i + 2]!;
      const y2 = points[2 * i + 3]!;
      const length = distance(x1, y1, x2, y2);
      if (length === 0) continue;
      const t = Math.sqrt(length);
      const before = i > 0 ? Math.sqrt(distance(points[2 * i - 2]!, points[2 * i - 1]!, x1, y1)) : 0;
      const after = i + 2 < count ? Math.sqrt(distance(x2, y2, points[2 * i + 4]!, points[2 * i + 5]!)) : 0;
      // Tangents for this span; at a corner or an end the span's own direction.
      let tx1 = x2 - x1;
      let ty1 = y2 - y1;
      let tx2 = tx1;
      let ty2 = ty1;
      if (before > 0) {
        const x0 = points[2 * i - 2]!;
        const y0 = points[2 * i - 1]!;
        tx1 += t * ((x1 - x0) / before - (x2 - x0) / (before + t));
        ty1 += t * ((y1 - y0) / before - (y2 - y0) / (before + t));
      }
      if (after > 0) {
        const x3 = points[2 * i + 4]!;
        const y3 = points[2 * i + 5]!;
        tx2 += t * ((x3 - x2) / after - (x3 - x1) / (after + t));
        ty2 += t * ((y3 - y2) / after - (y3 - y1) / (after + t));
      }
      const pieces = Math.max(1, Math.ceil(length / step));
      for (let piece = 1; piece <= pieces; piece++) {
        const u = piece / pieces;
        const v = 1 - u;
        const h1 = v * v * (1 + 2 * u);
        const h2 = u * u * (3 - 2 * u);
        const g1 = u * v * v;
        const g2 = -u * u * v;
        this.add(h1 * x1 + h2 * x2 + g1 * tx1 + g2 * tx2, h1 * y1 + h2 * y2 + g1 * ty1 + g2 * ty2, true);
      }
    }
  }
}

const CAPACITY = 512;

function distance(x1: number, y1: number, x2: number, y2: number): number {
  return Math.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)); // Math.hypot may differ between engines.
}

/**
 * Draws ink with antialiased edges: out becomes [size, size], 0 where there is none and 255 inside.
 * softness: over how many pixels an edge fades.
 */
export function rasterize(ink: Ink, out: Uint8Array, size: number, softness = 1): void {
  out.fill(0);
  const { x, y, radius, down, length } = ink;
  for (let i = 0; i < length; i++) {
    const from = down[i] === 1 ? i - 1 : i; // A lone point is a dot.
    if (from === i && i + 1 < length && down[i + 1] === 1) continue;
    const ax = x[from]!;
    const ay = y[from]!;
    const dx = x[i]! - ax;
    const dy = y[i]! - ay;
    const squared = dx * dx + dy * dy;
    const r = (radius[from]! + radius[i]!) / 2;
    const reach = r + softness / 2;
    const left = Math.max(0, Math.ceil(Math.min(ax, x[i]!) - reach - 0.5));
    const right = Math.min(size - 1, Math.floor(Math.max(ax, x[i]!) + reach - 0.5));
    const top = Math.max(0, Math.ceil(Math.min(ay, y[i]!) - reach - 0.5));
    const bottom = Math.min(size - 1, Math.floor(Math.max(ay, y[i]!) + reach - 0.5));
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - ax;
        const py = row + 0.5 - ay;
        const along = squared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
        const ex = px - along * dx;
        const ey = py - along * dy;
        const far = ex * ex + ey * ey;
        if (far >= reach * reach) continue;
        const value = Math.min(255, Math.round(((reach - Math.sqrt(far)) / softness) * 255));
        const at = row * size + column;
        if (value > out[at]!) out[at] = value;
      }
    }
  }
}
