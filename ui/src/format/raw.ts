/** JSON text laid out for reading, without parsing: every digit, order and unknown key stays as it came. */

/** The text with line breaks and indentation of two spaces; unchanged where it is no JSON object or list. */
export function layOut(raw: string): string {
  const text = raw.trim();
  if (!text.startsWith("{") && !text.startsWith("[")) return raw;
  let out = "";
  let depth = 0;
  let index = 0;
  const line = (): string => `\n${"  ".repeat(Math.max(0, depth))}`;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char === '"') {
      const end = endOfString(text, index);
      out += text.slice(index, end);
      index = end;
      continue;
    }
    index += 1;
    if (/\s/.test(char)) continue;
    if (char === "{" || char === "[") {
      const close = /^\s*[}\]]/.exec(text.slice(index));
      if (close) {
        out += char + (close[0].at(-1) ?? "");
        index += close[0].length;
        continue;
      }
      depth += 1;
      out += char + line();
    } else if (char === "}" || char === "]") {
      depth -= 1;
      out += line() + char;
    } else if (char === ",") out += char + line();
    else if (char === ":") out += ": ";
    else out += char;
  }
  return out;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === "\\") i += 1;
    else if (char === '"') return i + 1;
  }
  return text.length;
}
