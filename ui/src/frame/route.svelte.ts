/** Which view is on screen; kept in the address so that a reload returns to it. */

/** Every view, in the order of the navigation and of `Ctrl 1` to `Ctrl 9`. */
export const views = [
  "today",
  "calls",
  "rooms",
  "people",
  "composer",
  "bulk",
  "chat-rooms",
  "records",
  "activity",
  "connections",
  "settings",
] as const;

/** A view's name. */
export type View = (typeof views)[number];

const isView = (name: string): name is View => (views as readonly string[]).includes(name);

class Route {
  /** The view on screen. */
  view: View = $state("calls");
  /** Views that were on screen; they keep their state. */
  visited: View[] = $state(["calls"]);

  constructor() {
    this.#follow();
    window.addEventListener("hashchange", () => this.#follow());
  }

  /** Shows a view. */
  go(view: View): void {
    window.location.hash = `/${view}`;
    this.#show(view);
  }

  #follow(): void {
    const name = window.location.hash.replace(/^#\//, "");
    if (isView(name)) this.#show(name);
  }

  #show(view: View): void {
    this.view = view;
    if (!this.visited.includes(view)) this.visited = [...this.visited, view];
  }
}

export const route = new Route();
