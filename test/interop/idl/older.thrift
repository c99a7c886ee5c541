// What newer.thrift was before: a peer with this one meets fields, values and arms that it does not know.
namespace go older
namespace java io.streamx.interop.older

enum Grade {
    LOW = 1,
    HIGH = 2,
}

struct Item {
    1: required string name,
}

union Payload {
    1: string text,
}

struct Message {
    // In a reply: how the server saw the request.
    1: string seen,
    3: i32 count,
    4: Item item,
    5: list<Item> items,
    6: map<string, Item> byName,
    7: Grade grade,
    8: Payload payload,
    19: string last,
}

exception Refused {
    1: string reason,
}

// Its server has this file.
service KeptService {
    Message AskKept (1: Message message) throws (1: Refused refused),
    Message TalkKept (1: Message message) (streaming.mode="bidirectional"),
}

// Its server has newer.thrift.
service UpgradedService {
    Message AskUpgraded (1: Message message) throws (1: Refused refused),
    Message TalkUpgraded (1: Message message) (streaming.mode="bidirectional"),
}
