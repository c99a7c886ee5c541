namespace java golden.order

// Constants before those they are made of, directly and through the defaults of structs.
const Limits FALLBACK = {"burst": 3}
const i32 CONNECT = SECOND
const list<i32> RETRIES = [SECOND, MINUTE]
const map<string, list<string>> ZONES_OF = {"all": ZONES, "none": []}
const list<string> ZONES = ["north", "south"]
const i32 SECOND = 1000
const i32 MINUTE = 60000
const Level USUAL = Level.HIGH
const i64 USUAL_NUMBER = USUAL

enum Level { LOW, HIGH }

struct Limits {
    1: i32 burst = 1,
    2: list<string> zones = ZONES,
    3: optional string note,
    4: Inner inner = {},
}

struct Inner {
    1: list<i32> retries = RETRIES,
    2: required Level level = USUAL,
}
