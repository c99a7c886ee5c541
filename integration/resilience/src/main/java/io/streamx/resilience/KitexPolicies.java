package io.streamx.resilience;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Policies in the JSON that Kitex' config centres hold.
 *
 * <p>Source: config-etcd v0.2.0 and config-nacos v0.4.0; kitex pkg/retry/policy.go, pkg/rpctimeout, pkg/circuitbreak,
 * pkg/limiter.
 */
final class KitexPolicies {
    static final String RETRY = "retry";
    static final String TIMEOUT = "rpc_timeout";
    static final String BREAKER = "circuit_break";
    static final String DEGRADATION = "degradation";
    static final String LIMIT = "limit";

    private static final JsonMapper JSON = new JsonMapper();
    /** The error rate that Kitex takes where a document has none. */
    private static final double DEFAULT_ERROR_RATE = 0.1;

    private KitexPolicies() {}

    /**
     * The policies so far, with those of one category as the document says.
     *
     * @param text null where there is no document, which takes the category out
     * @throws IllegalArgumentException naming the value and what was expected
     */
    static Policies with(Policies before, String category, @Nullable String text) {
        JsonNode document = text == null || text.isBlank() ? null : object("document", parse(text));
        return switch (category) {
            case RETRY -> withRetries(before, document);
            case TIMEOUT -> withTimeouts(before, document);
            case BREAKER -> withBreakers(before, document);
            case DEGRADATION -> withDegradation(before, document);
            case LIMIT -> withLimit(before, document);
            default ->
                throw new IllegalArgumentException("category: '" + category + "' (expected: " + RETRY + ", " + TIMEOUT
                        + ", " + BREAKER + ", " + DEGRADATION + " or " + LIMIT + ")");
        };
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode object(String name, JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(name + ": " + node + " (expected: an object)");
        }
        return node;
    }

    private static void forEachMethod(@Nullable JsonNode document, BiConsumer<String, JsonNode> methods) {
        if (document != null) {
            document.properties().forEach(one -> {
                try {
                    methods.accept(one.getKey(), object("policy", one.getValue()));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("method " + one.getKey() + ": " + e.getMessage(), e);
                }
            });
        }
    }

    private static Policies withRetries(Policies before, @Nullable JsonNode document) {
        Map<String, RetryPolicy> retries = new LinkedHashMap<>();
        Map<String, BackupPolicy> backups = new LinkedHashMap<>();
        forEachMethod(document, (method, policy) -> {
            if (!isEnabled(policy)) {
                // A method whose policy is switched off is not to be retried even where the policy for all methods says
                // so.
                retries.put(method, RetryPolicy.NONE);
                return;
            }
            int type = wholeNumber(policy, "type", 0);
            switch (type) {
                case 0 -> retries.put(method, retry(child(policy, "failure_policy")));
                case 1 -> backups.put(method, backup(child(policy, "backup_policy")));
                default ->
                    throw new IllegalArgumentException("type: " + type + " (expected: 0 for failure, 1 for backup)");
            }
        });
        return before.withRepeats(retries, backups);
    }

    /** The retry policy of a document. Kitex makes a call again after a timeout; where it could not connect it always does. */
    private static RetryPolicy retry(JsonNode policy) {
        JsonNode stop = child(policy, "stop_policy");
        return new RetryPolicy(
                1 + wholeNumber(stop, "max_retry_times", 2),
                millis(stop, "max_duration_ms"),
                backOff(child(policy, "backoff_policy")),
                EnumSet.of(FailureKind.NOT_RUN, FailureKind.TIMEOUT),
                errorRate(stop));
    }

    private static BackupPolicy backup(JsonNode policy) {
        return new BackupPolicy(millis(policy, "retry_delay_ms"), errorRate(child(policy, "stop_policy")));
    }

    private static double errorRate(JsonNode stop) {
        return number(child(stop, "cb_policy"), "error_rate", DEFAULT_ERROR_RATE);
    }

    private static BackOff backOff(JsonNode policy) {
        JsonNode type = policy.path("backoff_type");
        JsonNode items = child(policy, "cfg_items");
        return switch (type.asText("none")) {
            case "", "none" -> BackOff.NONE;
            case "fixed" -> BackOff.fixed(millis(items, "fix_ms"));
            case "random" -> {
                Duration least = millis(items, "min_ms");
                Duration most = millis(items, "max_ms");
                if (most.compareTo(least) < 0) {
                    throw new IllegalArgumentException(
                            "cfg_items: " + items + " (expected: max_ms not less than min_ms)");
                }
                long middle = (least.toNanos() + most.toNanos()) / 2;
                double jitter = middle == 0 ? 0 : (double) (most.toNanos() - middle) / middle;
                yield new BackOff(Duration.ofNanos(middle), 1, Duration.ofNanos(middle), jitter);
            }
            default ->
                throw new IllegalArgumentException(
                        "backoff_type: " + type + " (expected: \"none\", \"fixed\" or \"random\")");
        };
    }

    /** A client's methods share its connections: the limit for all of them counts, or else the longest of any. */
    private static Policies withTimeouts(Policies before, @Nullable JsonNode document) {
        Map<String, Duration> timeouts = new LinkedHashMap<>();
        Map<String, Duration> connects = new LinkedHashMap<>();
        forEachMethod(document, (method, policy) -> {
            timeouts.put(method, millis(policy, "rpc_timeout_ms"));
            Duration connect = millis(policy, "conn_timeout_ms");
            if (!connect.isZero()) {
                connects.put(method, connect);
            }
        });
        Duration ofAll = connects.get(Policies.ALL);
        return before.withTimeouts(
                timeouts,
                ofAll != null
                        ? ofAll
                        : connects.values().stream()
                                .max(Comparator.naturalOrder())
                                .orElse(null));
    }

    private static Policies withBreakers(Policies before, @Nullable JsonNode document) {
        Map<String, BreakerPolicy> breakers = new LinkedHashMap<>();
        forEachMethod(
                document,
                (method, policy) -> breakers.put(
                        method,
                        isEnabled(policy)
                                ? BreakerPolicy.of(
                                        number(policy, "err_rate", 0.5), wholeNumber(policy, "min_sample", 200))
                                : BreakerPolicy.NONE));
        return before.withBreakers(breakers);
    }

    private static Policies withDegradation(Policies before, @Nullable JsonNode document) {
        return before.withMaybeDegradation(
                document == null
                        ? null
                        : isEnabled(document)
                                ? new DegradationPolicy(wholeNumber(document, "percentage", 0))
                                : DegradationPolicy.NONE);
    }

    private static Policies withLimit(Policies before, @Nullable JsonNode document) {
        return before.withMaybeLimit(
                document == null
                        ? null
                        : new LimitPolicy(
                                wholeNumber(document, "connection_limit", 0), wholeNumber(document, "qps_limit", 0)));
    }

    // ---- values ----

    private static boolean isEnabled(JsonNode policy) {
        JsonNode enable = policy.path("enable");
        if (!enable.isMissingNode() && !enable.isBoolean()) {
            throw new IllegalArgumentException("enable: " + enable + " (expected: true or false)");
        }
        return enable.asBoolean(false);
    }

    /** The object under {@code name}; an empty one where it is absent or null. */
    private static JsonNode child(JsonNode parent, String name) {
        JsonNode child = parent.path(name);
        return child.isMissingNode() || child.isNull() ? JSON.createObjectNode() : object(name, child);
    }

    private static int wholeNumber(JsonNode parent, String name, int otherwise) {
        JsonNode value = parent.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.asInt() < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a whole number, 0 or more)");
        }
        return value.asInt();
    }

    private static double number(JsonNode parent, String name, double otherwise) {
        JsonNode value = parent.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber() || value.asDouble() < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a number, 0 or more)");
        }
        return value.asDouble();
    }

    private static Duration millis(JsonNode parent, String name) {
        return Duration.ofMillis(wholeNumber(parent, name, 0));
    }
}
