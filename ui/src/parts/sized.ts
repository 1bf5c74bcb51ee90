/** The size of an element, told when the page has been laid out: asking for it earlier would have the page laid out twice. */
import type { Attachment } from "svelte/attachments";

/** What is told of an element, in whole CSS pixels. */
export type Size = Pick<HTMLElement, "clientWidth" | "clientHeight" | "offsetWidth">;

/** Tells an element's size, once it has one and whenever it is another. */
export function sized(tell: (size: Size) => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = new ResizeObserver(() => tell(element));
    observer.observe(element);
    return () => observer.disconnect();
  };
}
