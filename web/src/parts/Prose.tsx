import { Fragment } from "react";

/**
 * Prose written in a small part of Markdown: paragraphs, lists, headings, bold
 * and code. Anything else is shown as it was typed; no HTML passes.
 */
export function Prose({ text }: { text: string }) {
  const blocks = text.trim().split(/\n{2,}/);
  return (
    <>
      {blocks.map((block, index) => {
        const lines = block.split("\n");
        const heading = /^#{1,4}\s+(.*)$/.exec(block);
        if (heading && lines.length === 1) return <h3 key={index}>{inline(heading[1] ?? "")}</h3>;
        if (lines.every((line) => /^\s*[-*]\s+/.test(line))) {
          return (
            <ul key={index}>
              {lines.map((line, at) => (
                <li key={at}>{inline(line.replace(/^\s*[-*]\s+/, ""))}</li>
              ))}
            </ul>
          );
        }
        if (lines.every((line) => /^\s*\d+[.)]\s+/.test(line))) {
          return (
            <ol key={index}>
              {lines.map((line, at) => (
                <li key={at}>{inline(line.replace(/^\s*\d+[.)]\s+/, ""))}</li>
              ))}
            </ol>
          );
        }
        return (
          <p key={index} style={{ whiteSpace: "pre-line", maxWidth: "78ch" }}>
            {inline(block)}
          </p>
        );
      })}
    </>
  );
}

function inline(text: string) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/g).map((part, index) => {
    if (part.startsWith("**") && part.endsWith("**") && part.length > 4)
      return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (part.startsWith("`") && part.endsWith("`") && part.length > 2)
      return <code key={index}>{part.slice(1, -1)}</code>;
    return <Fragment key={index}>{part}</Fragment>;
  });
}
