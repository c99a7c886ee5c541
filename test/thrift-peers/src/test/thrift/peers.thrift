namespace java io.streamx.peers.thrift

struct Item {
    1: required string name,
    2: i32 count,
    3: list<string> tags,
    4: map<string, i64> sums,
    5: binary raw,
    6: bool flag,
    7: double ratio,
    8: optional Item inner,
}

exception Refused {
    1: string why,
}

service Peers {
    /** Gives the item back, turned that often around: its name backwards, its tags in the other order. */
    Item Turn(1: Item item, 2: i32 times) throws (1: Refused refused),
    void Note(1: string text),
    oneway void Tell(1: string text),
    /** What Tell was told last. */
    string Told(),
}
