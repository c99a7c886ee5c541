namespace java com.example.gradle

struct Question { 1: required string text }
struct Token    { 1: required string text }

service Chat {
    Token Greet(1: Question question),
    Token Ask(1: Question question) (streaming.mode="server"),
}
