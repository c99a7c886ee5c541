// older.thrift with more of everything, a field of every type among it. An absent one has its default.
namespace go newer
namespace java io.streamx.interop.newer

enum Grade {
    LOW = 1,
    HIGH = 2,
    TOP = 3,
}

struct Item {
    1: required string name,
    2: optional i64 price,
    3: string unit = "piece",
}

union Payload {
    1: string text,
    2: list<i64> numbers,
}

struct Message {
    1: string seen,
    2: i64 before,
    3: i32 count,
    4: Item item,
    5: list<Item> items,
    6: map<string, Item> byName,
    7: Grade grade,
    8: Payload payload,
    9: optional bool flag,
    10: byte tiny,
    11: i16 small,
    12: double ratio,
    13: binary blob,
    14: set<i32> numbers,
    15: optional Item extra,
    16: map<i32, list<map<string, set<i16>>>> deep,
    17: optional list<Message> more,
    18: string added = "preset",
    19: string last,
    20: optional Grade second = Grade.HIGH,
}

exception Refused {
    1: string reason,
    2: i32 code = 7,
}

service KeptService {
    Message AskKept (1: Message message, 2: string note = "none") throws (1: Refused refused),
    Message TalkKept (1: Message message) (streaming.mode="bidirectional"),
}

service UpgradedService {
    Message AskUpgraded (1: Message message, 2: string note = "none") throws (1: Refused refused),
    Message TalkUpgraded (1: Message message) (streaming.mode="bidirectional"),
}
