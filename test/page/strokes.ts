// Ten digits as a ruler and a pair of compasses would draw them: arcs and straight lines. Another manner than the
// generator's, whose shapes are smooth curves through points, bent by an unsteady hand.

/** x to the right and y down, in parts of the pad's side. */
export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

const PIECES = 24;

/** Part of an ellipse. Angles in degrees, 0 to the right and 90 down. */
function arc(x: number, y: number, rx: number, ry: number, from: number, to: number): Point[] {
  return Array.from({ length: PIECES + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / PIECES) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
}

/** Straight lines through corners, in short steps as a mouse makes them. */
function lines(...corners: Point[]): Point[] {
  return corners.flatMap(([x, y], i) => {
    const [u, v] = corners[i + 1] ?? [x, y];
    const steps = i + 1 < corners.length ? 10 : 1;
    return Array.from({ length: steps }, (_, k): Point => [x + ((u - x) * k) / steps, y + ((v - y) * k) / steps]);
  });
}

/** DIGITS[d]: the strokes of digit d. */
export const DIGITS: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.19, 0.29, -90, 275)],
  [lines([0.4, 0.33], [0.52, 0.2], [0.52, 0.8])],
  [[...arc(0.5, 0.36, 0.17, 0.16, 190, 385), ...lines([0.62, 0.46], [0.33, 0.78], [0.7, 0.78])]],
  [[...arc(0.48, 0.35, 0.17, 0.15, 200, 450), ...arc(0.48, 0.64, 0.19, 0.16, -90, 150)]],
  [lines([0.42, 0.2], [0.3, 0.55], [0.72, 0.55]), lines([0.6, 0.36], [0.6, 0.82])],
  [[...lines([0.68, 0.22], [0.4, 0.22], [0.37, 0.48]), ...arc(0.48, 0.62, 0.19, 0.18, 230, 500)]],
  [[...arc(0.66, 0.56, 0.33, 0.4, 250, 170), ...arc(0.5, 0.64, 0.17, 0.16, 180, -180)]],
  [lines([0.3, 0.23], [0.7, 0.23], [0.44, 0.8])],
  [arc(0.5, 0.35, 0.14, 0.14, 90, 450), arc(0.5, 0.65, 0.18, 0.16, -90, 270)],
  [[...arc(0.49, 0.36, 0.16, 0.15, 0, -360), ...lines([0.65, 0.36], [0.63, 0.58], [0.56, 0.82])]],
];
