package io.streamx.cli;

import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The figures of a run as text and as JSON. */
final class BenchReport {
    private BenchReport() {}

    static String text(BenchRun.Result result) {
        Histogram latencies = result.latencies();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%,d calls in %.1f s: %,.1f/s, %,.1f messages/s, %,d errors%n",
                latencies.getTotalCount(),
                result.seconds(),
                latencies.getTotalCount() / result.seconds(),
                result.messages() / result.seconds(),
                result.errorCount()));
        if (latencies.getTotalCount() > 0) {
            text.append(line("min", latencies.getMinValue()));
            text.append(line("mean", (long) latencies.getMean()));
            for (double percentile : BenchCommand.PERCENTILES) {
                text.append(line(BenchCommand.name(percentile), BenchCommand.at(latencies, percentile)));
            }
            text.append(line("max", latencies.getMaxValue()));
        }
        result.errors()
                .forEach((error, count) -> text.append(String.format(Locale.ROOT, "%,d times: %s%n", count, error)));
        return text.toString().stripTrailing();
    }

    private static String line(String name, long nanos) {
        return String.format(Locale.ROOT, "%9s  %s%n", name, BenchCommand.millis(nanos));
    }

    static String json(BenchRun.Result result) {
        Histogram latencies = result.latencies();
        return JsonLine.of(out -> {
            out.writeNumberField("calls", latencies.getTotalCount());
            out.writeNumberField("seconds", result.seconds());
            out.writeNumberField("callsPerSecond", latencies.getTotalCount() / result.seconds());
            out.writeNumberField("messagesPerSecond", result.messages() / result.seconds());
            out.writeObjectFieldStart("latencyNanos");
            if (latencies.getTotalCount() > 0) {
                out.writeNumberField("min", latencies.getMinValue());
                out.writeNumberField("mean", (long) latencies.getMean());
                for (double percentile : BenchCommand.PERCENTILES) {
                    out.writeNumberField(
                            "p" + BenchCommand.name(percentile).replace(" %", ""),
                            BenchCommand.at(latencies, percentile));
                }
                out.writeNumberField("max", latencies.getMaxValue());
            }
            out.writeEndObject();
            out.writeObjectFieldStart("errors");
            for (Map.Entry<String, Long> error : result.errors().entrySet()) {
                out.writeNumberField(error.getKey(), error.getValue());
            }
            out.writeEndObject();
        });
    }
}
