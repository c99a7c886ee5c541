// Scenarios that the seed IDL does not cover. 
namespace go scenario
namespace java io.streamx.interop.scenario

typedef i64 Stamp
typedef list<string> Words

enum Colour {
    RED = 1,
    GREEN = 2,
    BLUE = 7,
}

struct Req {
    1: string message,
}

struct Res {
    1: string message,
}

struct Empty {
}

struct Inner {
    1: required i32 id,
    2: optional string name,
}

union Choice {
    1: string text,
    2: i64 number,
    3: Inner inner,
}

// Every Thrift type, every requiredness, field ids out of order, names that are keywords somewhere.
struct Rich {
    1: bool flag,
    2: byte tiny,
    3: i8 tiny2,
    4: i16 small,
    5: i32 medium,
    6: i64 large,
    7: double ratio,
    8: string text,
    9: binary blob,
    10: Colour colour,
    11: Inner inner,
    12: Choice choice,
    13: Stamp stamp,
    14: Words words,
    15: list<i32> numbers,
    16: set<string> tags,
    17: map<string, i64> counts,
    18: map<i32, list<Inner>> groups,
    19: list<map<string, set<i16>>> nested,
    20: map<Colour, string> names,
    30: required string mustText,
    31: required i32 mustNumber,
    40: optional string mayText,
    41: optional i32 mayNumber,
    42: optional bool mayFlag,
    43: optional Inner mayInner,
    44: optional list<string> mayList,
    45: optional binary mayBlob,
    50: string withDefault = "preset",
    51: i32 numberDefault = 42,
    52: optional string mayDefault = "maybe",
    53: list<string> listDefault = ["a", "b"],
    54: Colour colourDefault = Colour.GREEN,
    60: string class,
    61: i32 package,
    29: i32 lateButLowId,
    200: double farAway,
    32767: i32 lastId,
}

exception Declared {
    1: required string reason,
    2: i32 code,
}

exception Other {
    1: string detail,
}

service ScenarioService {
    Res Unary (1: Req req),
    Res Throwing (1: Req req) throws (1: Declared declared, 5: Other other),
    oneway void Fire (1: Req req),
    void Nothing (1: Req req),
    i64 Sum (1: i32 a, 2: i64 b, 7: string text, 8: Inner inner),
    list<string> split_words (1: string text),
    Rich RichUnary (1: Rich req),
    Empty EmptyUnary (1: Empty req),
    // Waits up to waitMs for the outcome that a handler stored under the key; answers "" when there is none.
    string Report (1: string key, 2: i32 waitMs),

    Res Bidi (1: Req req) (streaming.mode="bidirectional"),
    Res Collect (1: Req req) (streaming.mode="client"),
    Res Produce (1: Req req) (streaming.mode="server"),
    Rich RichBidi (1: Rich req) (streaming.mode="bidirectional"),
    Empty EmptyBidi (1: Empty req) (streaming.mode="bidirectional"),
}
