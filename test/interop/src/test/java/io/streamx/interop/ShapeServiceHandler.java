package io.streamx.interop;

import io.streamx.BidiStreamingServer;
import io.streamx.interop.scenario.Rich;
import io.streamx.interop.shapes.Named;
import io.streamx.interop.shapes.ShapeService;
import io.streamx.interop.shapes.Verdict;
import org.jspecify.annotations.Nullable;

/** Compares what it reads with its own copy. */
record ShapeServiceHandler() implements ShapeService {
    @Override
    public Verdict check(String name, Rich rich) {
        return verdict(name, rich);
    }

    @Override
    public void checkAll(BidiStreamingServer<Named, Verdict> stream) {
        for (Named named : stream) {
            stream.send(verdict(named.name(), named.rich()));
        }
    }

    private static Verdict verdict(String name, @Nullable Rich rich) {
        Rich expected = Shapes.named(name);
        return Verdict.builder()
                .verdict(expected.equals(rich) ? "as expected" : rich + " (expected: " + expected + ")")
                .rich(rich)
                .build();
    }
}
