namespace java golden.constants

include "included/shared.thrift"

/** How often to try. */
const i32 MAX_TRIES = 3
const i64 bigNumber = -9223372036854775808
const byte small = -5
const i16 Short = 010
const double RATIO = 1.5
const double WHOLE = 2
const bool ON = true
const string GREETING = "h\u00e9llo \"world\"\n\\ 'x'"
const binary BLOB = "abc"
const binary RAW = "\x00\xff"
const shared.Mood MOOD = shared.Mood.HAPPY
const list<string> NAMES = ["z", "a", "m"]
const set<i64> IDS = [3, 1, 2]
const map<string, list<byte>> TABLE = {"x": [1, 2], "a": []}
const map<shared.Mood, double> WEIGHTS = {shared.Mood.SAD: 0.5, shared.Mood.HAPPY: 1}
const shared.Point ORIGIN = {"x": 0, "y": 0}
const shared.Point HALF = {"x": 5}
const i32 AGAIN = MAX_TRIES
const i64 WIDER = MAX_TRIES
const i32 FROM_ELSEWHERE = shared.LIMIT
const list<i64> MIXED = [MAX_TRIES, 7]
const i32 class = 1

struct Defaults {
    1: i32 tries = MAX_TRIES,
    2: optional i64 limit = shared.LIMIT,
    3: string greeting = GREETING,
    4: list<string> names = NAMES,
    5: optional set<i32> numbers = [1, 2],
    6: shared.Point point = {"x": 1, "y": 2},
    7: optional shared.Mood mood = shared.Mood.SAD,
    8: required string name = "none",
    9: required i32 count = 7,
    10: optional double ratio = 0.5,
    11: optional bool on = 1,
    12: binary blob = "raw",
    13: optional byte tiny = 1,
    14: required list<i32> must = [1],
}
