// What a caller believes and the servers do not have: names of real services with methods they lack, and services that
// nobody registered. Clients only; no server ever binds these.
namespace go absent
namespace java io.streamx.interop.absent

struct Message {
    1: string message,
}

// A real service's name, methods it does not have.
service ScenarioService {
    Message Absent (1: Message req),
    Message AbsentBidi (1: Message req) (streaming.mode="bidirectional"),
}

// A service nobody registered. Its Bidi exists in exactly one registered service, AbsentBidi in none.
service AbsentService {
    Message Absent (1: Message req),
    Message Bidi (1: Message req) (streaming.mode="bidirectional"),
    Message AbsentBidi (1: Message req) (streaming.mode="bidirectional"),
}

// A Protobuf service's name, with Thrift payloads.
service MessageService {
    Message Ask (1: Message req),
    Message Talk (1: Message req) (streaming.mode="bidirectional"),
}

// Lacks what echo.thrift requires of a message.
struct Unreadable {
    2: string message,
}

// A real service, which cannot read these messages.
service TestService {
    Unreadable PingPong (1: Unreadable req),
    Unreadable Echo (1: Unreadable req) (streaming.mode="bidirectional"),
}
