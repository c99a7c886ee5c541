namespace java golden.messages

// Shapes that services usually send; the benchmarks encode them.

struct Small {
    1: required i64 id,
    2: i32 kind,
    3: string name,
    4: string text,
    5: bool urgent,
}

struct Large {
    1: required string key,
    2: list<i64> ids,
    3: list<string> names,
    4: map<string, string> attributes,
    5: list<Small> items,
    6: optional Small first,
    7: binary blob,
    8: double score,
    9: optional i32 limit,
}
