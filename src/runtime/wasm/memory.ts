// Host-side allocator over one WebAssembly memory: first fit, neighbours joined on free. Kernels never allocate.
import { DeviceError, invariant } from "../../base/errors.js";
import { paddedBytes } from "../../program/program.js";

const PAGE = 65536;
/** Static data of the kernel modules lies below. */
const FIRST_BYTE = 65536;

interface Block {
  from: number;
  bytes: number;
}

export class WasmMemory {
  private readonly free: Block[] = [];
  private end = FIRST_BYTE;

  constructor(readonly memory: WebAssembly.Memory) {}

  /** Address of `bytes` new bytes, aligned, with padding behind them. Grows the memory when needed. Throws DeviceError when it cannot. */
  allocate(bytes: number): number {
    const size = paddedBytes(bytes);
    const found = this.free.findIndex((block) => block.bytes >= size);
    if (found >= 0) {
      const block = this.free[found]!;
      const address = block.from;
      block.from += size;
      block.bytes -= size;
      if (block.bytes === 0) this.free.splice(found, 1);
      return address;
    }
    // A free block at the very end is extended rather than left behind.
    const last = this.free[this.free.length - 1];
    const extended = last !== undefined && last.from + last.bytes === this.end;
    const address = extended ? last.from : this.end;
    this.reach(address + size, bytes);
    if (extended) this.free.pop();
    this.end = address + size;
    return address;
  }

  release(address: number, bytes: number): void {
    const size = paddedBytes(bytes);
    const at = this.free.findIndex((block) => block.from > address);
    const index = at < 0 ? this.free.length : at;
    invariant(!this.free.some((block) => address < block.from + block.bytes && block.from < address + size), `memory: byte ${address} is freed twice`);
    this.free.splice(index, 0, { from: address, bytes: size });
    this.join(index);
    if (index > 0) this.join(index - 1);
  }

  get pages(): number {
    return this.memory.buffer.byteLength / PAGE;
  }

  private join(i: number): void {
    const block = this.free[i];
    const next = this.free[i + 1];
    if (block === undefined || next === undefined || block.from + block.bytes !== next.from) return;
    block.bytes += next.bytes;
    this.free.splice(i + 1, 1);
  }

  private reach(end: number, wanted: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / PAGE));
    } catch {
      throw new DeviceError(
        `wasm: needs ${wanted} B more, but the memory cannot grow from ${this.memory.buffer.byteLength} B to ${end} B. Use a smaller batch or model.`,
      );
    }
  }
}
