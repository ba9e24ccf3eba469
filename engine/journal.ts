/**
 * A journal of writes to one typed array, so that they can be taken back in reverse order.
 *
 * An entry packs a cell and its old value into one int32. Room is made between writes, never within: the caller says with
 * {@link mark} how many writes may follow, so {@link write} needs no check.
 */
export class Journal {
  private readonly data: Int16Array;
  private entries: Int32Array;
  private top = 0;
  private marks: Int32Array;
  private markTop = 0;
  private readonly fields: number;

  /**
   * @param data the array written through this journal, at most 32768 cells
   * @param fields number of extra int32 values saved with each mark
   */
  constructor(data: Int16Array, fields: number) {
    this.data = data;
    this.fields = fields + 1;
    this.entries = new Int32Array(data.length * 4);
    this.marks = new Int32Array(this.fields * 1024);
  }

  /** Number of marks that can be rewound to. */
  get depth(): number {
    return this.markTop / this.fields;
  }

  /** Begins a group of at most `writes` writes. @returns where in {@link saved} its extra fields belong */
  mark(writes: number): number {
    if (this.top + writes > this.entries.length) {
      const larger = new Int32Array(this.entries.length * 2 + writes);
      larger.set(this.entries);
      this.entries = larger;
    }
    if (this.markTop + this.fields > this.marks.length) {
      const larger = new Int32Array(this.marks.length * 2);
      larger.set(this.marks);
      this.marks = larger;
    }
    const at = this.markTop;
    this.marks[at] = this.top;
    this.markTop = at + this.fields;
    return at + 1;
  }

  /** The extra fields of all marks; may be another array after the next {@link mark}. */
  get saved(): Int32Array {
    return this.marks;
  }

  /** Sets a cell of the data. Assumes a mark with room. */
  write(cell: number, value: number): void {
    this.entries[this.top++] = (cell << 16) | (this.data[cell] & 0xffff);
    this.data[cell] = value;
  }

  /** Takes back all writes since the last mark, and the mark. Assumes that there is one. @returns where in {@link saved} its extra fields are */
  rewind(): number {
    const { data, entries } = this;
    this.markTop -= this.fields;
    const bottom = this.marks[this.markTop];
    for (let i = this.top - 1; i >= bottom; i--) data[entries[i] >> 16] = (entries[i] << 16) >> 16;
    this.top = bottom;
    return this.markTop + 1;
  }

  /** Forgets everything: what was written stays. */
  forget(): void {
    this.top = 0;
    this.markTop = 0;
  }
}
