namespace java golden.exceptions

exception Empty {}

exception Clashing {
    1: string message,
    2: string cause,
    3: list<string> getMessage,
    4: optional i64 stackTrace,
    5: double number,
}

struct Carrier {
    1: required Clashing clashing,
}
