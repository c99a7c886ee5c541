namespace java golden.enums

enum Plain { ONE = 1, TWO, FIVE = 5 }
enum Spelling { red, LightGreen, dark_blue, Known = -1, class = 10 }
enum Nothing {}

struct Enums {
    1: Plain plain,
    2: optional Plain maybe,
    3: required Spelling spelling,
    4: list<Plain> plains,
    5: Nothing nothing,
    6: Plain numbered = 9,
}
