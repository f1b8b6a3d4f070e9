/** A queue of small messages: ids only, validated on both ends, delivered at least once and in no order. */
export interface Queue<Message> {
  /** `delay` in milliseconds before the message can be seen; at most seven days. */
  send(message: Message, delay?: number): Promise<void>;
}
