/** The dialog that makes a connection can be opened from several views; this is what they ask of it. */

class Connecting {
  /** The kind of system that is being connected; `null` while the dialog is closed, empty to choose one. */
  system: string | null = $state(null);

  /** Opens the dialog, for one kind of system or to choose one. */
  begin(system = ""): void {
    this.system = system;
  }
}

export const connecting = new Connecting();
