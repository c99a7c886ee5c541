namespace java golden.names

// Types that are called as what generated code uses.
struct String { 1: string value }
struct Object { 1: String string }
struct ThriftReader { 1: i32 in, 2: i32 out, 3: optional i32 value, 4: i32 field }
struct List { 1: list<List> list }
struct Override { 1: required i32 x }
struct Codec { 1: optional Codec codec, 2: Builder builder }
struct Builder { 1: optional i32 build, 2: required string required }
struct Nullable { 1: optional Nullable nullable }

struct snake_case_struct {
    1: required i32 snake_case_field,
    2: required i32 snakeCaseField,
    3: required i32 SnakeCaseField,
    4: required i32 URLPath,
    5: required i32 ID,
    6: required i32 _leading,
    7: required i32 __,
    8: required i32 hashCode,
    9: required i32 toString,
    10: required i32 default,
    11: required i32 x_1,
    12: required i32 record,
    13: required i32 yield,
}
struct SnakeCaseStruct { 1: required i32 a }

union Value {
    1: string String,
    2: Value value,
    3: i64 Number,
    4: Codec Codec,
    5: list<string> unrecognized,
}

service names {
    String toString(),
    i32 wait(1: i32 channel, 2: i32 handler, 3: i32 args),
    void names(1: i32 options),
    void call(),
    void callAsync(),
    String stream(1: String stream) (streaming.mode="server"),
    void _dropped(1: i32 x),
    void descriptor(),
}

struct record { 1: required i32 var }
struct RECORD { 1: required i32 x }

// What the generator would call the client of the service above.
struct NamesClient { 1: i32 x }
