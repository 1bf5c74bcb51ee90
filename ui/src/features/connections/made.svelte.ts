/** The connection that was just made, so that the view selects it and tests it once. */

class JustMade {
  /** Its id, until it was taken up. */
  id: string | null = $state(null);

  /** Takes it up. */
  take(): string | null {
    const id = this.id;
    this.id = null;
    return id;
  }
}

export const justMade = new JustMade();
