namespace java common

// A package of one word, which a field can be called like.
struct Base { 1: string log_id }
enum Level { LOW, HIGH }
const Level USUAL = Level.HIGH
const list<string> ZONES = ["north", "south"]
