namespace java io.streamx.benchmarks.sse.thrift

// An event: what a language model, a ticker or a log would send.
struct Event { 1: required i64 number, 2: required string text }
struct Wish  {}

service Feed {
    // Events of this reader's own, as fast as the reader takes them.
    Event One (1: Wish wish) (streaming.mode="server"),
    // Events of one source, the same ones for all readers; the slowest reader decides how fast they come.
    Event All (1: Wish wish) (streaming.mode="server"),
    // Twenty events a second of one source for all readers.
    Event Paced (1: Wish wish) (streaming.mode="server"),
    // One event, and then silence.
    Event Idle (1: Wish wish) (streaming.mode="server"),
}
