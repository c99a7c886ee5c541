namespace java com.example.chat

struct Question { 1: required string text }
struct Token    { 1: required string text }

service Chat {
    Token Ask(1: Question question) (streaming.mode="server"),
}
