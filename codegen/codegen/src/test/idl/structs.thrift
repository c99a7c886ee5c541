namespace java golden.structs

struct Nothing {}

struct Plain {
    1: required string text,
    2: i32 number,
    3: bool flag,
    4: binary blob,
}

struct WithOptional {
    1: required string text,
    2: optional i32 number,
    3: optional Plain plain,
    4: Plain shared,
    5: Nothing nothing,
}

struct ManyFields {
    10: double ratio,
    3: string text,
    1: required i64 id,
    -1: i16 negative,
    5: byte tiny,
    i32 automatic,
}
