/** A person or customer that another view wants to be shown among the people. */

class PeopleAsked {
  /** Which list, and the text that finds them; null where nobody asked. */
  asked: { tab: "people" | "customers"; search: string } | null = $state.raw(null);

  /** Shows the people, narrowed to this text. */
  show(tab: "people" | "customers", search: string): void {
    this.asked = { tab, search };
    window.location.hash = "/people";
  }
}

export const peopleAsked = new PeopleAsked();
