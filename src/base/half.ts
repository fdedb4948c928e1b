// float16 on the host, where numbers come in and go out. What is computed is computed by kernels, see assembly/narrow.ts.

const float = /* @__PURE__ */ new Float32Array(1);
const bits = /* @__PURE__ */ new Uint32Array(float.buffer);

/** The bits of x as float16, rounded to the nearest, halves to even; infinite from 65520 on. */
export function toHalf(x: number): number {
  float[0] = x;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const a = bits[0]! & 0x7fffffff;
  if (a > 0x7f800000) return sign | 0x7e00;
  if (a >= 0x47800000) return sign | 0x7c00;
  if (a < 0x38800000) {
    // Below 2⁻¹⁴ the steps are 2⁻²⁴: adding ½ puts the last bit where a float32 is rounded.
    float[0] = Math.abs(float[0]!) + 0.5;
    return sign | (bits[0]! - 0x3f000000);
  }
  return sign | ((a - 0x38000000 + 0xfff + ((a >>> 13) & 1)) >>> 13);
}

/** The number that the bits of a float16 stand for. */
export function fromHalf(half: number): number {
  const magnitude = half & 0x7fff;
  bits[0] = (magnitude << 13) | (magnitude >= 0x7c00 ? 0x7f800000 : 0);
  // The exponent is 112 too small; the product also normalizes denormals.
  const value = magnitude >= 0x7c00 ? float[0]! : float[0]! * 2 ** 112;
  return half & 0x8000 ? -value : value;
}

export function toHalves(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, toHalf);
}

export function fromHalves(halves: ArrayLike<number>): Float32Array {
  return Float32Array.from(halves, fromHalf);
}
