package io.streamx.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The figures of a run as one page that needs nothing else: a table, and charts in SVG, for light and dark. */
final class BenchPage {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int BOTTOM = 40;
    private static final int TOP = 12;
    private static final int RIGHT = 12;
    private static final int TICKS = 4;
    private static final int NINES_STEPS = 200;
    private static final double MOST_NINES = 5;

    private BenchPage() {}

    static String of(String title, BenchRun.Result result) {
        Histogram latencies = result.latencies();
        StringBuilder page =
                new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$s</title>
                <style>
                :root { color-scheme: light dark; --ink: #1b1f24; --soft: #6b7480; --grid: #d9dee4; --a: #0b62c4; --b: #c2410c; --ground: #fff; }
                @media (prefers-color-scheme: dark) {
                  :root { --ink: #e6e9ed; --soft: #98a2ae; --grid: #333a43; --a: #6cb0ff; --b: #ff9b66; --ground: #14171b; }
                }
                body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
                table { border-collapse: collapse; } td, th { padding: .15rem 1.2rem .15rem 0; text-align: right; font-variant-numeric: tabular-nums; }
                th { text-align: left; font-weight: 500; } figure { margin: 1.5rem 0; } svg { width: 100%%; height: auto; }
                figcaption { color: var(--soft); } text { fill: var(--soft); font-size: 12px; } .grid { stroke: var(--grid); }
                .a { stroke: var(--a); fill: none; stroke-width: 2; } .b { stroke: var(--b); fill: none; stroke-width: 2; stroke-dasharray: 6 3; }
                </style>
                </head>
                <body>
                <h1>%1$s</h1>
                <p>%2$s</p>
                """.formatted(escaped(title), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        table(page, result);
        if (latencies.getTotalCount() > 0) {
            page.append(percentiles(latencies));
        }
        if (result.intervals().size() > 1) {
            page.append(overTime(
                    "Calls a second", "calls that ended well in each second", result.intervals(), List.of(interval ->
                            (double) interval.calls())));
            page.append(overTime(
                    "Latency over time, ms",
                    "the median (solid) and the 99th percentile (dashed) of each second",
                    result.intervals(),
                    List.of(
                            interval -> interval.p50() / BenchCommand.NANOS_PER_MILLI,
                            interval -> interval.p99() / BenchCommand.NANOS_PER_MILLI)));
        }
        return page.append("</body>\n</html>\n").toString();
    }

    private static void table(StringBuilder page, BenchRun.Result result) {
        Histogram latencies = result.latencies();
        page.append("<table>\n");
        row(page, "Calls", String.format(Locale.ROOT, "%,d", latencies.getTotalCount()));
        row(page, "Seconds", String.format(Locale.ROOT, "%.1f", result.seconds()));
        row(page, "Calls a second", String.format(Locale.ROOT, "%,.1f", latencies.getTotalCount() / result.seconds()));
        row(page, "Messages a second", String.format(Locale.ROOT, "%,.1f", result.messages() / result.seconds()));
        row(page, "Errors", String.format(Locale.ROOT, "%,d", result.errorCount()));
        if (latencies.getTotalCount() > 0) {
            row(page, "Fastest", BenchCommand.millis(latencies.getMinValue()));
            row(page, "Mean", BenchCommand.millis((long) latencies.getMean()));
            for (double percentile : BenchCommand.PERCENTILES) {
                row(page, BenchCommand.name(percentile), BenchCommand.millis(BenchCommand.at(latencies, percentile)));
            }
            row(page, "Slowest", BenchCommand.millis(latencies.getMaxValue()));
        }
        result.errors().forEach((error, count) -> row(page, error, String.format(Locale.ROOT, "%,d", count)));
        page.append("</table>\n");
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("<tr><th scope=\"row\">")
                .append(escaped(name))
                .append("</th><td>")
                .append(escaped(value))
                .append("</td></tr>\n");
    }

    /** Draws latency over the share of calls. The step from 90 % to 99 % is as wide as that from 99 % to 99.9 %. */
    private static String percentiles(Histogram latencies) {
        double most = Math.min(MOST_NINES, Math.max(1, Math.log10((double) latencies.getTotalCount())));
        Chart chart = new Chart(0, most, Math.max(1, latencies.getMaxValue()) / BenchCommand.NANOS_PER_MILLI);
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i <= NINES_STEPS; i++) {
            double nines = most * i / NINES_STEPS;
            double percentile = 100 - Math.pow(10, 2 - nines);
            points.add(new double[] {nines, latencies.getValueAtPercentile(percentile) / BenchCommand.NANOS_PER_MILLI});
        }
        chart.line("a", points);
        for (int nines = 0; nines <= most; nines++) {
            double percentile = 100 - Math.pow(10, 2.0 - nines);
            chart.below(nines, nines == 0 ? "0 %" : BenchCommand.name(Math.round(percentile * 1000) / 1000.0));
        }
        return chart.figure(
                "Latency, ms", "the share of calls that were as fast, from 0 % on; each nine more takes as much room");
    }

    private static String overTime(
            String title,
            String caption,
            List<BenchRun.Interval> intervals,
            List<ToDoubleFunction<BenchRun.Interval>> values) {
        double most = values.stream()
                .flatMapToDouble(value -> intervals.stream().mapToDouble(value))
                .max()
                .orElse(1);
        int last = intervals.get(intervals.size() - 1).second();
        Chart chart = new Chart(1, last, most == 0 ? 1 : most);
        for (int i = 0; i < values.size(); i++) {
            ToDoubleFunction<BenchRun.Interval> value = values.get(i);
            chart.line(
                    i == 0 ? "a" : "b",
                    intervals.stream()
                            .map(each -> new double[] {each.second(), value.applyAsDouble(each)})
                            .toList());
        }
        for (int i = 0; i <= TICKS; i++) {
            double second = 1 + (last - 1) * i / (double) TICKS;
            chart.below(second, String.format(Locale.ROOT, "%.0f s", second));
        }
        return chart.figure(title, caption);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Lines over a scale from 0. */
    private static final class Chart {
        private final double from;
        private final double to;
        private final double most;
        private final StringBuilder svg = new StringBuilder();

        Chart(double from, double to, double most) {
            this.from = from;
            this.to = to;
            this.most = most;
            for (int i = 0; i <= TICKS; i++) {
                double value = most * i / TICKS;
                svg.append(String.format(
                        Locale.ROOT,
                        "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                                + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                        LEFT,
                        WIDTH - RIGHT,
                        y(value),
                        y(value),
                        LEFT - 6,
                        y(value) + 4,
                        String.format(Locale.ROOT, value >= 100 || value == 0 ? "%,.0f" : "%,.2f", value)));
            }
        }

        private double x(double value) {
            return LEFT + (value - from) / Math.max(to - from, 1e-9) * (WIDTH - LEFT - RIGHT);
        }

        private double y(double value) {
            return HEIGHT - BOTTOM - value / most * (HEIGHT - BOTTOM - TOP);
        }

        void line(String style, List<double[]> points) {
            svg.append("<polyline class=\"").append(style).append("\" points=\"");
            points.forEach(point -> svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0]), y(point[1]))));
            svg.append("\"/>\n");
        }

        void below(double value, String text) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x(value),
                    HEIGHT - BOTTOM + 20,
                    text));
        }

        String figure(String title, String caption) {
            return "<figure>\n<h2>" + title + "</h2>\n<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                    + "\" role=\"img\" aria-label=\"" + title + ": " + caption + "\">\n" + svg + "</svg>\n<figcaption>"
                    + caption + "</figcaption>\n</figure>\n";
        }
    }
}
