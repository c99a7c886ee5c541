namespace java io.streamx.testing.chat

struct Question { 1: required string text }
struct Token { 1: required string text }

service Greeter {
    Token greet(1: Question question),
}

service Chat extends Greeter {
    Token ask(1: Question question) (streaming.mode="server"),
    Token talk(1: Question question) (streaming.mode="bidirectional"),
}
