namespace java golden.documentation

/**
 * A struct with a comment of
 * several lines, <b>markup</b> & an @ sign.
 *
 * And a second paragraph that is long enough to be filled into more than one line of Javadoc, since it does not stop.
 */
struct Documented {
    /** The first. */
    1: required string first,
    2: required i32 second, // The second, after the field. \u0041 */ tail
    # Hash comment.
    3: optional string third (deprecated = "use first"),
}

/** Old. */
struct Old {
    1: string text,
} (deprecated = "use Documented")

enum Level {
    /** Nothing. */
    LOW = 0,
    HIGH = 1 (deprecated = "too high"),
}

const string NAME = "x" (deprecated = "no longer used")

union Either {
    /** Left. */
    1: string left,
    2: Old right (deprecated = "use left"),
}

struct User {
    1: Old old,
    2: Level level = Level.HIGH,
    3: optional string name = NAME,
}

exception Failed {
    /** Why. */
    1: string message,
    2: optional string hint (deprecated = "gone"),
}

/** What it does. */
service Documents {
    /**
     * Finds one.
     */
    Documented find(/** the key */ 1: string key, 2: Old old) throws (1: Failed failed),
    Documented seek(1: Documented from) (streaming.mode = "bidirectional", deprecated = "use find"),
    void drop(1: string key) (deprecated = "true"),
}
