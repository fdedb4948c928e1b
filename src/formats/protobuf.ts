// Protocol buffers, the writing half: fields by number, in the order they are added. https://protobuf.dev/programming-guides/encoding

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** One message. Each method adds a field and gives the message back. */
export class ProtoMessage {
  private bytes = new Uint8Array(64);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  /** A whole number: int32, int64, enum, or bool as 0 and 1. Negative numbers down to −2⁵³. */
  int(field: number, value: number): this {
    this.tag(field, VARINT);
    return this.varint(value);
  }

  double(field: number, value: number): this {
    this.tag(field, FIXED64);
    const at = this.grow(8);
    this.view.setFloat64(at, value, true);
    return this;
  }

  float(field: number, value: number): this {
    this.tag(field, FIXED32);
    const at = this.grow(4);
    this.view.setFloat32(at, value, true);
    return this;
  }

  string(field: number, value: string): this {
    return this.raw(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtoMessage): this {
    return this.raw(field, value.finish());
  }

  /** A repeated double, packed. */
  doubles(field: number, values: ArrayLike<number>): this {
    this.tag(field, BYTES);
    this.varint(values.length * 8);
    const at = this.grow(values.length * 8);
    for (let i = 0; i < values.length; i++) this.view.setFloat64(at + 8 * i, values[i]!, true);
    return this;
  }

  /** The bytes of a string or a message. */
  raw(field: number, value: Uint8Array): this {
    this.tag(field, BYTES);
    this.varint(value.length);
    const at = this.grow(value.length);
    this.bytes.set(value, at);
    return this;
  }

  /** The message's bytes. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private tag(field: number, type: number): void {
    this.varint(field * 8 + type);
  }

  /** Seven bits a byte, the low ones first; negative numbers as 64 bits in two's complement. */
  private varint(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.byte(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    return this.byte(Number(rest));
  }

  private byte(value: number): this {
    const at = this.grow(1);
    this.bytes[at] = value;
    return this;
  }

  /** Room for so many bytes more; returns where they begin. The buffer may be another one afterwards. */
  private grow(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length));
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}
