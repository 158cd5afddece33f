type Tree = { [key: string]: string | Tree };

/** Wraps every text in ⟦…⟧, so that a word without the marks is one nobody translated. */
export function pseudo(tree: Tree): Tree {
  const result: Tree = {};
  for (const [key, value] of Object.entries(tree)) {
    result[key] = typeof value === "string" ? `⟦${value}⟧` : pseudo(value);
  }
  return result;
}
