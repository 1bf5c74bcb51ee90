/** The language of a piece of content by its script, so that voices and glyphs are right. */

/** `ja` for kana and Han, `ko` for hangul, nothing for Latin text. */
export function contentLang(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  if (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text)) return "ja";
  return undefined;
}
