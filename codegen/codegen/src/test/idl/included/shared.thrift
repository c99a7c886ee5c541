namespace java golden.shared

const i32 LIMIT = 100

enum Mood { SAD, HAPPY = 5, }

struct Point {
    1: required i32 x,
    2: required i32 y,
}

typedef Point Place
typedef list<Place> Route

exception Refused {
    1: string reason,
    2: Mood mood,
}

service Base {
    Point locate(1: string name) throws (1: Refused refused),
    oneway void forget(1: string name) (deprecated = "nothing is remembered"),
    Point track(1: Point start) (streaming.mode="server"),
}
