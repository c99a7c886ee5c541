namespace go probe.everything

enum Color { RED = 1, GREEN = 2 }

struct Inner {
    1: required i32 id
    2: optional string note
    3: optional Inner next
}

union Choice { 1: i64 number, 2: string text }

exception Boom { 1: i32 code, 2: optional Inner inner }
exception Other { 1: string text }

const i32 BASE = 40

struct Everything {
    1: optional bool flag
    2: optional i8 small
    3: optional i16 short
    4: optional i32 number
    5: optional i64 large
    6: optional double real
    7: optional string text
    8: optional binary bytes
    9: optional Color color
    10: optional list<Inner> inners
    11: optional set<Color> colors
    12: optional map<i32, string> names
    13: optional map<Inner, i32> byInner
    14: optional map<bool, double> byFlag
    15: optional Choice choice
    19: optional map<binary, list<i64>> byBytes
    20: optional set<list<i32>> lists
}

struct Defaults {
    1: i32 given = BASE
    2: optional i32 maybe = 7
    3: list<string> words = ["a", "b"]
    4: string plain
    5: Inner inner = {"id": 5}
}

struct Older { 1: optional string text }
struct Newer { 1: optional string text, 2: optional i32 number, 3: optional list<Inner> inners }

service Base { void ping() }

service Probe extends Base {
    Everything echo(1: Everything request) throws (1: Boom boom, 2: Other other)
    Defaults standing(1: Defaults request)
    i64 sum(1: i32 a, 2: i64 b)
    string say(1: string word)
    Color next(1: Color color)
    oneway void forget(1: string word)
    Inner upload(1: Inner inner) (streaming.mode = "client")
    Inner download(1: Inner inner) (streaming.mode = "server")
    Inner chat(1: Inner inner) (streaming.mode = "bidirectional")
}

service Old { Older pass(1: Older message) }
service New { Newer pass(1: Newer message) }
