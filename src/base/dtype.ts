// Dtypes: the element types of tensors, how wide they are in memory, and how two of them combine.

/**
 * float32, int32 and bool take four bytes an element (a bool is the int32 0 or 1). uint8 takes one and float16 two: they are ways to store, and every
 * op but cast reads them as int32 and float32.
 */
export type DType = "float32" | "int32" | "uint8" | "bool" | "float16";

/** A float16 tensor is stored in a Uint16Array, and given out as float32. */
export type TypedArray = Float32Array | Int32Array | Uint8Array | Uint16Array;

export const DTYPES: readonly DType[] = ["float32", "int32", "uint8", "bool", "float16"];

export const BYTES: Readonly<Record<DType, number>> = { float32: 4, int32: 4, uint8: 1, bool: 4, float16: 2 };

/** The array a tensor of this dtype is stored in; bool is an Int32Array inside the engine. */
export function allocate(dtype: DType, length: number): TypedArray {
  return new ARRAYS[dtype](length);
}

/** A typed array over existing memory. */
export function viewOf(dtype: DType, buffer: ArrayBuffer, byteOffset: number, length: number): TypedArray {
  return new ARRAYS[dtype](buffer, byteOffset, length);
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Int32Array, float16: Uint16Array } as const;

/** What each dtype is computed in: those of four bytes are what they are. */
const COMPUTED: Readonly<Record<DType, DType>> = { bool: "bool", uint8: "int32", int32: "int32", float16: "float32", float32: "float32" };

/** Order of promotion among computed dtypes. */
const RANK: Readonly<Partial<Record<DType, number>>> = { bool: 0, int32: 1, float32: 2 };

/** The dtype that values of this one are computed in: uint8 as int32, float16 as float32. */
export function computed(dtype: DType): DType {
  return COMPUTED[dtype];
}

/** The dtype two operands are computed in: the later of bool, int32 (and uint8), float32 (and float16). */
export function promote(a: DType, b: DType): DType {
  const x = COMPUTED[a];
  const y = COMPUTED[b];
  return RANK[x]! >= RANK[y]! ? x : y;
}

/** Stored in fewer than four bytes. */
export function isNarrow(dtype: DType): boolean {
  return BYTES[dtype] < 4;
}

export function isFloat(dtype: DType): boolean {
  return COMPUTED[dtype] === "float32";
}
