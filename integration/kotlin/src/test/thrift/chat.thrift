namespace java io.streamx.kotlin.chat

struct Question { 1: required string text }
struct Token { 1: required string text }

service Chat {
    Token greet(1: Question question),
    Token ask(1: Question question) (streaming.mode="server"),
    Token upload(1: Question question) (streaming.mode="client"),
    Token talk(1: Question question) (streaming.mode="bidirectional"),
}

exception Refused { 1: string reason }

// What Kotlin has other words for.
service Odd extends Chat {
    list<map<string, i64>> many(1: i32 number, 2: string note, 3: set<binary> in, 4: double val) throws (1: Refused refused),
    void nothing(),
    oneway void when(1: bool is),
    Token fun(1: Question object) (streaming.mode="server"),
}
