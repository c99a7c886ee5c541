// What generic calls are tried with: every type, and every kind of method that Kitex' generic calls know.
namespace go generic
namespace java io.streamx.interop.generic

enum Colour {
    RED = 1
    GREEN = 2
}

struct Inner {
    1: required string name
    2: optional Colour colour
}

union Choice {
    1: string word
    2: i64 number
}

struct Everything {
    1: required string text
    2: optional bool flag
    3: optional i8 tiny
    4: optional i16 small
    5: optional i32 number
    6: optional i64 large
    7: optional double real
    8: optional binary bytes
    9: optional Colour colour
    10: optional list<Inner> inners
    11: optional set<string> words
    12: optional map<string, i64> counts
    13: optional map<i32, Inner> byNumber
    14: optional Inner inner
    15: optional Choice choice
    16: optional list<list<i32>> lists
}

exception Refused {
    1: i32 code
    2: string reason
}

service Generic {
    Everything Echo(1: Everything request) throws (1: Refused refused)
    string Greet(1: string name)
    void Note(1: string text)
    oneway void Tell(1: string text)
    Everything Talk(1: Everything request) (streaming.mode = "bidirectional")
    Everything Collect(1: Everything request) (streaming.mode = "client")
    Everything Repeat(1: Everything request) (streaming.mode = "server")
}
