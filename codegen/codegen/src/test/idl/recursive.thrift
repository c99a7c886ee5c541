namespace java golden.recursive

struct Tree {
    1: required string name,
    2: optional Tree left,
    3: Tree right,
    4: list<Tree> children,
    5: map<string, list<Tree>> groups,
}

struct Ping { 1: optional Pong pong }
struct Pong { 1: optional Ping ping, 2: set<Ping> pings }

union Expression {
    1: i64 number,
    2: list<Expression> sum,
    3: Expression negated,
}
