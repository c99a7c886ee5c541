namespace go acme.chat

enum Mood { CALM = 1, LOUD = 2 }

exception NotFound {
    1: required string what
    2: i64 id
}

struct Question {
    /** What is asked. */
    1: required string text
    2: optional i64 id
    3: optional list<Question> earlier
    4: optional Mood mood
}

struct Answer {
    1: string text
    2: i64 id
    3: optional Mood mood
}

struct Token {
    1: i32 number
    2: string text
}

/** Answers questions. */
service Chat {
    /** One answer to one question. */
    Answer Ask(1: Question question) throws (1: NotFound missing)
    string Fail(1: string how)
    void Nothing()
    string Metadata(1: string name)
    oneway void Tell(1: string text)
    Answer Wait(1: string text)
    Token Tokens(1: Question question) (streaming.mode = "server")
    Token Collect(1: Token token) (streaming.mode = "client")
    Token Talk(1: Token token) (streaming.mode = "bidirectional")
}
