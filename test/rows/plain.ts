// Plain tensors: float64 numbers and a shape. The references of the rows compute with them, one element at a time, sharing no code with src/.

export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export function count(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

/** Builds a tensor element by element, from each element's index. */
export function build(shape: readonly number[], f: (index: readonly number[]) => number): Plain {
  const data = new Array<number>(count(shape));
  const index = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = f(index);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return { shape, data };
}

/** The element at an index; 0 outside. */
export function get(x: Plain, index: readonly number[]): number {
  let offset = 0;
  for (let i = 0; i < x.shape.length; i++) {
    if (index[i]! < 0 || index[i]! >= x.shape[i]!) return 0;
    offset = offset * x.shape[i]! + index[i]!;
  }
  return x.data[offset]!;
}

/** Applies f elementwise over operands that broadcast, as NumPy does. */
export function map(f: (...xs: number[]) => number, ...operands: readonly Plain[]): Plain {
  const rank = Math.max(...operands.map((x) => x.shape.length));
  const shape = Array.from({ length: rank }, (_, i) => {
    const dims = operands.map((x) => x.shape[i - rank + x.shape.length] ?? 1);
    return dims.find((dim) => dim !== 1) ?? 1;
  });
  return build(shape, (index) => f(...operands.map((x) => get(x, x.shape.map((dim, i) => (dim === 1 ? 0 : index[i + rank - x.shape.length]!))))));
}

/** Reduces `axes` (kept with size 1) with a function of the list of elements. */
export function reduce(x: Plain, axes: readonly number[], f: (list: readonly number[]) => number): Plain {
  const kept = x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  const inner = x.shape.map((dim, i) => (axes.includes(i) ? dim : 1));
  return build(kept, (at) => f(build(inner, (index) => get(x, index.map((k, i) => k + at[i]!))).data));
}

export function withShape(x: Plain, shape: readonly number[]): Plain {
  return { shape, data: x.data };
}

export function total(list: readonly number[]): number {
  return list.reduce((sum, x) => sum + x, 0);
}
