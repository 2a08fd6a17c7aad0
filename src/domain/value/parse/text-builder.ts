/** More arguments than this are no longer cheap to call with; well under the engine's limit. */
const CHUNK = 4096;

/** A shorter piece is copied, since a text of many short pieces is slow to join. */
const LONG = 32;

/** Builds a text out of UTF-16 units and pieces, in time linear in the text. */
export class TextBuilder {
  private text = '';
  private units: number[] = [];

  get length(): number {
    return this.text.length + this.units.length;
  }

  /** The last unit; NaN at first. */
  get last(): number {
    return this.units.at(-1) ?? this.text.charCodeAt(this.text.length - 1);
  }

  unit(unit: number): void {
    this.units.push(unit);
    if (this.units.length === CHUNK) this.flush();
  }

  piece(piece: string): void {
    if (piece.length < LONG) {
      for (let at = 0; at < piece.length; at += 1) this.unit(piece.charCodeAt(at));
    } else {
      this.flush();
      this.text += piece;
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
