// The catalogue of errors. One form for every message: where, what was expected, what came, the cure if known.

/** Shapes, ranks, axes or sizes that do not fit together. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** An element type that an operation does not take. */
export class DTypeError extends Error {
  override readonly name = "DTypeError";
}

/** A value outside its range: an option, an index, a label, a number that is not finite. */
export class ValueError extends Error {
  override readonly name = "ValueError";
}

/** A device that is missing, not ready, or too small. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}

/** Bytes that are not what their format says. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}

/** A file that cannot be read or written: no permission, a folder in its place, a full disk. The cause is the system's error. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** A broken promise inside edgegrad: ours to fix. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** Throws InternalError unless `condition` holds. For promises between our own parts; users get the errors above. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}
