namespace java golden.literals

// Text that looks like Java, in literals too long for a line.
const string INSERT = "INSERT INTO users (id, name, email, created, updated) VALUES (?, ?, ?, now(), now()) ON CONFLICT (id) DO NOTHING"
const string PATTERN = "^\\s*(\"[^\"]*\"|'(?:[^'\\\\]|\\\\.)*'|[^\\s,;)]+)\\s*[,;]?\\s*(?:#.*)?$ and again, )so( that it is, beyond one line)))"
const list<string> SAD = ["Sorry, that did not work :( Please try again in a few minutes, or ask for help at the counter", ":), ;) and \\ :("]
const map<string, binary> KEYS = {"a key, with (parentheses) and \"quotes\" that is long enough to be broken ((": "a value, of )) bytes and \\ more than one line"}

struct Reply {
    1: string text = "Sorry, that did not work :( Please try again in a few minutes, or ask for help at the counter near the entrance",
    2: optional string json = "{\"name\": \"x\", \"values\": [1, 2, (3)], \"deep\": {\"er\": \"<T> -> (a, b)\"}, \"path\": \"C:\\\\temp (x)\"}",
}
