package io.streamx.balancer;

import io.streamx.middleware.ClientCall;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Chooses among the candidates of one zone while one of them may be called, and else among all. */
record ZoneFirst(String zone, Balancer inner) implements Balancer {
    ZoneFirst {
        if (zone.isBlank()) {
            throw new IllegalArgumentException("zone: '" + zone + "' (expected: the zone of this client)");
        }
    }

    @Override
    public @Nullable CallFeedback feedback() {
        return inner.feedback();
    }

    @Override
    public Picker picker(List<Candidate> candidates) {
        List<Candidate> near = candidates.stream()
                .filter(candidate -> candidate.instance().zone().equals(zone))
                .toList();
        Picker everywhere = inner.picker(candidates);
        if (near.isEmpty() || near.size() == candidates.size()) {
            return everywhere;
        }
        Picker here = inner.picker(near);
        return new Picker() {
            @Override
            public @Nullable Candidate pick(ClientCall call, @Nullable Object request, Predicate<Candidate> refused) {
                Candidate picked = here.pick(call, request, refused);
                return picked != null ? picked : everywhere.pick(call, request, refused);
            }

            @Override
            public void retired() {
                here.retired();
                everywhere.retired();
            }
        };
    }
}
