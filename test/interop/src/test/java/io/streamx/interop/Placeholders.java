package io.streamx.interop;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** What a case leaves open, with the values of one run. */
final class Placeholders {
    private static final AtomicLong RUNS = new AtomicLong();
    private static final Pattern DIGEST = Pattern.compile("\\{digest:(\\d+):(\\d+)}");
    private static final Pattern ENCODED = Pattern.compile("\\{enc:([^{}]*)}");

    private final Map<String, String> values;

    /** A new run; each has a report key of its own. */
    Placeholders(String furtherAddress, String closedAddress, String serverPeer, boolean withProtobuf) {
        // A Java server keeps to the standard with Protobuf and to Kitex' ways with Thrift.
        boolean standard = serverPeer.equals("java") && withProtobuf;
        values = Map.of(
                "{key}",
                "java-" + ProcessHandle.current().pid() + "-" + RUNS.incrementAndGet(),
                "{b}",
                furtherAddress,
                "{closed}",
                closedAddress,
                "{suffix}",
                standard ? "" : " [biz error]",
                "{failed}",
                standard ? "2" : "13",
                "{unknownMethod}",
                standard ? "~status 12 .*Absent.*" : "~status 1 unknown method Absent(Bidi)?",
                "{unknownService}",
                standard
                        ? "~status 12 .*AbsentMessageService.*"
                        : "~status 20 unknown service Absent(Message)?Service");
    }

    String in(String text) {
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        text = DIGEST.matcher(text)
                .replaceAll(found ->
                        Payload.patternDigest(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2))));
        return ENCODED.matcher(text).replaceAll(found -> Step.encode(found.group(1)));
    }

    List<String> in(List<String> lines) {
        return lines.stream().map(this::in).toList();
    }
}
