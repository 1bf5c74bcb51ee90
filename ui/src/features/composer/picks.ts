/** What a list beside the text offers. */
export interface Pick<T> {
  id: string;
  label: string;
  /** Beside the label, or its name where only a sign is shown. */
  detail: string;
  /** Other words that find it. */
  words: string;
  value: T;
}
