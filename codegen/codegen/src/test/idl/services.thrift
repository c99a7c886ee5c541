namespace java golden.services
namespace go example.Golden

include "included/shared.thrift"

struct Note { 1: string text }

/** Everything a service may have. */
service Child extends shared.Base {
    void nothing(),
    bool flag(),
    i64 sum(1: required i32 a, 2: i64 b, 7: list<i32> rest) throws (1: shared.Refused refused, 5: TooLate late),
    map<string, set<i32>> table(1: string key = "all"),
    shared.Mood mood(1: shared.Mood mood),
    binary raw(1: binary raw),
    oneway void fire(1: Note note),
    Note chat(1: Note note) (streaming.mode="bidirectional"),
    Note collect(1: Note note) (streaming.mode="client"),
    Note produce(1: Note stream) (streaming.mode="server"),
}

service GrandChild extends Child {
    Note last(1: Note note),
}

exception TooLate { 1: required i64 at }
