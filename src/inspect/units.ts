// Numbers for people.

const PREFIXES = ["", "k", "M", "G", "T"];

/** Three digits and a prefix, with a space before the unit that follows: 1234 → "1.23 k". */
export function count(value: number): string {
  let power = 0;
  let scaled = value;
  while (Math.abs(scaled) >= 999.5 && power < PREFIXES.length - 1) {
    scaled /= 1000;
    power++;
  }
  const digits = power === 0 ? String(Math.round(scaled * 100) / 100) : scaled.toPrecision(3);
  return `${digits} ${PREFIXES[power]}`;
}
