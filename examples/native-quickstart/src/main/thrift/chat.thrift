namespace java com.example.nativeimage

struct Question { 1: required string text }
struct Token    { 1: required string text }

service Chat {
    Token Greet(1: Question question),
    Token Ask(1: Question question) (streaming.mode="server"),
    Token Talk(1: Question question) (streaming.mode="bidirectional"),
}
