/** Retries, backup requests, circuit breakers, limits and fallbacks, by policies that may change. */
module io.streamx.resilience {
    requires static org.jspecify;
    requires transitive io.streamx.core;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires io.github.resilience4j.ratelimiter;
    requires org.slf4j;

    exports io.streamx.resilience;
}
