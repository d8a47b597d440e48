/** One message of a stream. */
export interface Message {
  /** The last id that came, as a reader that comes back names it. */
  id: string;
  event: string;
  data: string;
}

/** Takes a stream of Server-Sent Events apart (WHATWG HTML §9.2.6). Pure but for what it is fed. */
export class SseParser {
  #rest = "";
  #id = "";
  #event = "";
  #data: string[] = [];
  /** In ms, where the server said how long to wait before coming back. */
  retry: number | null = null;

  feed(text: string): Message[] {
    const messages: Message[] = [];
    this.#rest += text;
    let from = 0;
    for (;;) {
      const end = this.#lineEnd(from);
      if (end === null) break;
      this.#line(this.#rest.slice(from, end.at), messages);
      from = end.next;
    }
    this.#rest = this.#rest.slice(from);
    return messages;
  }

  /** A carriage return at the very end may be half of a line end: it waits for what follows. */
  #lineEnd(from: number): { at: number; next: number } | null {
    for (let at = from; at < this.#rest.length; at++) {
      const letter = this.#rest[at];
      if (letter === "\n") return { at, next: at + 1 };
      if (letter === "\r") {
        if (at + 1 === this.#rest.length) return null;
        return { at, next: this.#rest[at + 1] === "\n" ? at + 2 : at + 1 };
      }
    }
    return null;
  }

  #line(line: string, messages: Message[]): void {
    if (line === "") {
      if (this.#data.length > 0) messages.push({ id: this.#id, event: this.#event || "message", data: this.#data.join("\n") });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
  }
}
