// Ink: strokes as lists of points, and how they look on a canvas. Holds no state and listens to nothing: see pad.ts.

/** A point of a stroke. x, y: parts of the pad's side, 0 … 1. width: relative to the pen's own, 1 unless a pen presses. */
export interface InkPoint {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export type Stroke = readonly InkPoint[];

/** Width of the pen, in parts of the pad's side: a digit that fills two thirds of the pad gets the 2 to 3 pixels a stroke has in MNIST. */
export const PEN_WIDTH = 0.075;

/**
 * Draws a stroke from point `from` on, so that a growing stroke costs only its new part. Round ends; between points a curve through
 * the middles of the segments, for which every point is a control point.
 */
export function drawStroke(context: CanvasRenderingContext2D, stroke: Stroke, color: string, from = 0): void {
  const side = context.canvas.width;
  context.strokeStyle = context.fillStyle = color;
  context.lineCap = context.lineJoin = "round";
  if (stroke.length === 1) {
    const { x, y, width } = stroke[0]!;
    context.beginPath();
    context.arc(x * side, y * side, (width * PEN_WIDTH * side) / 2, 0, 2 * Math.PI);
    context.fill();
  }
  for (let i = Math.max(1, from); i < stroke.length; i++) {
    const last = i === stroke.length - 1;
    const start = i === 1 ? stroke[0]! : middle(stroke[i - 2]!, stroke[i - 1]!);
    const control = stroke[i - 1]!;
    const end = middle(control, stroke[i]!);
    context.lineWidth = ((control.width + stroke[i]!.width) / 2) * PEN_WIDTH * side;
    context.beginPath();
    context.moveTo(start.x * side, start.y * side);
    context.quadraticCurveTo(control.x * side, control.y * side, end.x * side, end.y * side);
    // The curve stops half-way: the tip of the pen is where the last point is.
    if (last) context.lineTo(stroke[i]!.x * side, stroke[i]!.y * side);
    context.stroke();
  }
}

function middle(a: InkPoint, b: InkPoint): { x: number; y: number } {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
