package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape of Prometheus has found. */
record Scrape(List<Sample> samples) {
    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+)(?:\\{(.*)})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    /** One line of the exposition format. */
    record Sample(String name, Map<String, String> labels, double value) {}

    static Scrape of(PrometheusMeterRegistry registry) {
        List<Sample> samples = new ArrayList<>();
        for (String line : registry.scrape().lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Map<String, String> labels = new TreeMap<>();
            String text = Objects.requireNonNullElse(sample.group(2), "");
            LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
            samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
        }
        return new Scrape(samples);
    }

    /** The first scrape that is as expected: ends tell of some things on other threads. */
    static Scrape await(PrometheusMeterRegistry registry, Predicate<Scrape> expected) {
        while (true) {
            Scrape scrape = of(registry);
            if (expected.test(scrape)) {
                return scrape;
            }
        }
    }

    /** Those of that name that have those labels. */
    List<Sample> find(String name, String... labels) {
        return samples.stream()
                .filter(sample -> sample.name.equals(name))
                .filter(sample -> {
                    for (int i = 0; i < labels.length; i += 2) {
                        if (!labels[i + 1].equals(sample.labels.get(labels[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .toList();
    }

    /** The sum of those; an absent sample fails the test. */
    double sum(String name, String... labels) {
        List<Sample> found = find(name, labels);
        assertThat(found).as("%s %s in %s", name, List.of(labels), samples).isNotEmpty();
        return found.stream().mapToDouble(Sample::value).sum();
    }

    /** Whether there are any of those, whose sum is as {@code expected}. */
    boolean has(DoublePredicate expected, String name, String... labels) {
        List<Sample> found = find(name, labels);
        return !found.isEmpty()
                && expected.test(found.stream().mapToDouble(Sample::value).sum());
    }
}
