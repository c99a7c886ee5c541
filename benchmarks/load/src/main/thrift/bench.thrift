namespace java io.streamx.benchmarks.thrift
namespace go bench

struct Msg {
    1: required binary payload
}

service Bench {
    Msg Echo (1: Msg m) (streaming.mode="bidirectional"),
    Msg Down (1: Msg m) (streaming.mode="server"),
    Msg Up   (1: Msg m) (streaming.mode="client"),
    Msg Call (1: Msg m),
}
