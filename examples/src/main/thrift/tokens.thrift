namespace java com.example.tokens
namespace go tokens

// What a page asks the gateway's service.
struct Question { 1: required string text }
// What that service asks the model: skip says how many tokens of the answer its caller has already.
struct Prompt   { 1: required string text, 2: i32 skip }
struct Token    { 1: required i32 number, 2: required string text }

service Chat {
    Token Ask(1: Question question) (streaming.mode="server"),
}

service Model {
    Token Generate(1: Prompt prompt) (streaming.mode="server"),
}
