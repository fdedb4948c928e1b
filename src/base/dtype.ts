// Dtypes: the element types of tensors, how wide they are in memory, and how two of them combine.

/** float32, int32 and bool take four bytes an element (a bool is the int32 0 or 1); uint8 takes one and exists only at the border. */
export type DType = "float32" | "int32" | "uint8" | "bool";

export type TypedArray = Float32Array | Int32Array | Uint8Array;

export const BYTES: Readonly<Record<DType, number>> = { float32: 4, int32: 4, uint8: 1, bool: 4 };

/** The array a tensor of this dtype is stored in; bool is an Int32Array inside the engine. */
export function allocate(dtype: DType, length: number): TypedArray {
  return new ARRAYS[dtype](length);
}

/** A typed array over existing memory. */
export function viewOf(dtype: DType, buffer: ArrayBuffer, byteOffset: number, length: number): TypedArray {
  return new ARRAYS[dtype](buffer, byteOffset, length);
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Int32Array } as const;

/** Order of promotion: a binary operation takes the later of its two dtypes. */
const RANK: Readonly<Record<DType, number>> = { bool: 0, uint8: 1, int32: 2, float32: 3 };

/** The dtype two operands meet in: bool < uint8 < int32 < float32. */
export function promote(a: DType, b: DType): DType {
  return RANK[a] >= RANK[b] ? a : b;
}

export function isFloat(dtype: DType): boolean {
  return dtype === "float32";
}
