package io.streamx.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A drawing of medians: a row of bars to each workload, as long as the logarithm of the ratio to grpc-java. */
final class Chart {
    private static final String BASE = "grpc";
    private static final double LEAST = 1.0 / 64;
    private static final double MOST = 64;
    private static final int LABEL_WIDTH = 250;
    private static final int BARS_WIDTH = 520;
    private static final int BAR_HEIGHT = 14;
    private static final int HEADING_HEIGHT = 18;

    private Chart() {}

    /** The drawing; workloads without a figure of grpc-java are left out. */
    static String svg(List<String> heading, Map<String, Map<String, Double>> medians) {
        List<String> shapes = new ArrayList<>();
        int y = HEADING_HEIGHT * (heading.size() + 1);
        for (int i = 0; i < heading.size(); i++) {
            shapes.add(text(8, HEADING_HEIGHT * (i + 1) - 4, heading.get(i)));
        }
        for (Map.Entry<String, Map<String, Double>> workload : medians.entrySet()) {
            Double base = workload.getValue().get(BASE);
            if (base == null) {
                continue;
            }
            shapes.add(text(8, y, workload.getKey() + ", messages a second to those of " + BASE));
            y += 4;
            for (Map.Entry<String, Double> stack : workload.getValue().entrySet()) {
                double ratio = stack.getValue() / base;
                int zero = x(1);
                int end = x(ratio);
                shapes.add(text(24, y + BAR_HEIGHT - 3, stack.getKey()));
                shapes.add(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
                        Math.min(zero, end),
                        y + 1,
                        Math.max(1, Math.abs(end - zero)),
                        BAR_HEIGHT - 2,
                        stack.getKey().startsWith("streamx") ? "#2563eb" : "#9ca3af"));
                shapes.add(text(
                        Math.max(zero, end) + 6,
                        y + BAR_HEIGHT - 3,
                        String.format(Locale.ROOT, "%.2f (%,.0f)", ratio, stack.getValue())));
                y += BAR_HEIGHT;
            }
            y += HEADING_HEIGHT;
        }
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                                + " font-family=\"sans-serif\" font-size=\"11\">%n<rect width=\"100%%\""
                                + " height=\"100%%\" fill=\"white\"/>%n",
                        LABEL_WIDTH + BARS_WIDTH + 160,
                        y)
                + String.join("\n", shapes)
                + "\n</svg>\n";
    }

    private static int x(double ratio) {
        double bounded = Math.clamp(ratio, LEAST, MOST);
        return LABEL_WIDTH + (int) (BARS_WIDTH * Math.log(bounded / LEAST) / Math.log(MOST / LEAST));
    }

    private static String text(int x, int y, String text) {
        return "<text x=\"" + x + "\" y=\"" + y + "\">"
                + text.replace("&", "&amp;").replace("<", "&lt;") + "</text>";
    }
}
