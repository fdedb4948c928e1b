// The confusion matrix: how often an image of one digit was read as another.

/** counts[label][prediction]. labels, predictions: class indices of equal length. */
export function confusionMatrix(labels: ArrayLike<number>, predictions: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]![predictions[i]!]!++;
  return counts;
}

/** The matrix as text, a row a label, with the share of each row that was read right. */
export function printConfusion(counts: readonly (readonly number[])[]): string {
  const cell = (content: string | number): string => String(content).padStart(6);
  const head = ` label${counts.map((_, digit) => cell(digit)).join("")}   right   (columns: read as)`;
  const rows = counts.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const right = total === 0 ? "–" : `${((100 * row[label]!) / total).toFixed(1)} %`;
    return `${cell(label)}${row.map((count) => cell(count || "·")).join("")}${right.padStart(8)}`;
  });
  return [head, ...rows].join("\n");
}
