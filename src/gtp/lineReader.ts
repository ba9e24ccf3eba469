/**
 * Cuts a stream of bytes into lines at LF only. Node's readline also cuts at a lone CR, which GTP wants ignored, and a
 * character may arrive in two chunks.
 */

/** Characters kept of one line; the rest is dropped. Far beyond a whole game as set-up, and still no danger to memory. */
export const LONGEST_LINE = 1 << 24;

export class LineReader {
  private readonly receive: (line: string) => void;
  private readonly decoder = new TextDecoder('utf-8');
  private parts: string[] = [];
  private length = 0;

  /** @param receive called with each line, without its LF */
  constructor(receive: (line: string) => void) {
    this.receive = receive;
  }

  /** Takes the next bytes of the stream, UTF-8; what is not becomes U+FFFD. */
  push(chunk: Uint8Array): void {
    this.cut(this.decoder.decode(chunk, { stream: true }));
  }

  /** Ends the stream: what came after the last LF counts as a line, if there was anything. */
  end(): void {
    this.cut(this.decoder.decode());
    if (this.length > 0) this.flush();
  }

  private cut(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.keep(text.slice(start, end));
      this.flush();
      start = end + 1;
    }
    this.keep(text.slice(start));
  }

  private keep(text: string): void {
    if (text === '' || this.length >= LONGEST_LINE) return;
    this.parts.push(text.slice(0, LONGEST_LINE - this.length));
    this.length += text.length;
  }

  private flush(): void {
    const line = this.parts.join('');
    this.parts = [];
    this.length = 0;
    this.receive(line);
  }
}
