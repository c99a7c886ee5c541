namespace java golden.containers

include "included/shared.thrift"

struct Containers {
    1: list<bool> flags,
    2: list<byte> bytes,
    3: list<i16> shorts,
    4: list<double> doubles,
    5: set<binary> blobs,
    6: map<string, shared.Point> points,
    7: map<shared.Mood, set<shared.Mood>> moods,
    8: optional list<list<list<i64>>> deep,
    9: required map<i32, map<i32, string>> grid,
    10: shared.Route route,
}
