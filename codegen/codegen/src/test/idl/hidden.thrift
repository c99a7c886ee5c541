namespace java golden.hidden

include "included/common.thrift"

// Two classes of one simple name, and a field called like the package of one.
struct Base { 1: i32 n }
enum Level { FEW, MANY }

struct Call {
    1: Base own,
    2: Level level = Level.MANY,
    3: common.Level theirs = common.Level.LOW,
    4: optional common.Level usual = common.USUAL,
    5: list<string> zones = common.ZONES,
    6: common.Base filled = {"log_id": "x"},
    255: optional common.Base common,
}

// Types in capitals, beside functions, constants and values of their names.
struct ID { 1: string text }
enum COLOR { RED, GREEN, COLOR }
const COLOR color = COLOR.RED
const ID id = {"text": "i"}
const ID other = {"text": "o"}

service Lookup {
    ID id(1: string name),
    bool known(1: ID id, 2: common.Base common),
    COLOR color(1: list<COLOR> colors) throws (1: OOPS oops),
    oneway void oops(1: string OOPS),
    ID descriptor(1: ID id) (streaming.mode="bidirectional"),
}

exception OOPS { 1: string that, 2: i32 other, 3: optional string from, 4: double io, 5: double java }

// Names of the generator's own variables.
struct Range {
    1: optional i32 from,
    2: optional i32 to,
}
