/** More arguments than this are no longer cheap to call with; well under the engine's limit. */
const CHUNK = 4096;

/** A shorter piece is copied, since a text of many short pieces is slow to join. */
const LONG = 32;

/** Builds a text out of UTF-16 units and pieces, in time linear in the text. */
export class TextBuilder {
  private text = '';
  private units: number[] = [];
  /** Remembered: to look into the text would have the engine join its pieces each time. */
  private last = NaN;

  get length(): number {
    return this.text.length + this.units.length;
  }

  /** NaN at first. */
  get lastUnit(): number {
    return this.last;
  }

  unit(unit: number): void {
    this.last = unit;
    this.units.push(unit);
    if (this.units.length === CHUNK) this.flush();
  }

  piece(piece: string): void {
    if (piece.length < LONG) {
      for (let at = 0; at < piece.length; at += 1) this.unit(piece.charCodeAt(at));
    } else {
      this.flush();
      this.text += piece;
      this.last = piece.charCodeAt(piece.length - 1);
    }
  }

  /** The whole text, which ends with `piece`. */
  endingWith(piece: string): string {
    this.flush();
    return this.text + piece;
  }

  private flush(): void {
    if (this.units.length === 0) return;
    this.text += String.fromCharCode(...this.units);
    this.units = [];
  }
}
