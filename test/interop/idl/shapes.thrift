// Messages that both ends compare with their own copy.
include "scenario.thrift"

namespace go shapes
namespace java io.streamx.interop.shapes

struct Named {
    // Which message the sender says it is.
    1: string name,
    2: scenario.Rich rich,
}

struct Verdict {
    // "as expected", or what the server saw instead.
    1: string verdict,
    // As the server read it.
    2: scenario.Rich rich,
}

service ShapeService {
    Verdict Check (1: string name, 2: scenario.Rich rich),
    Verdict CheckAll (1: Named named) (streaming.mode="bidirectional"),
}
