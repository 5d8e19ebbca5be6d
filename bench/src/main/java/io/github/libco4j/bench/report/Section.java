package io.github.libco4j.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Subjects that have done the same under the same settings, and their samples: one per round and metric. The first
 * metric that is added is the one that the section is about.
 */
public final class Section {
    /** The subject that all others are compared with. */
    public static final String US = "libco4j";

    private final String title;
    private final Map<String, String> settings;
    private final Set<String> subjects = new LinkedHashSet<>();
    private final Map<Metric, Map<String, List<Double>>> samples = new LinkedHashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private final List<String> pictures = new ArrayList<>();

    /** The settings are what sets this section's figures apart from those of the benchmark's other sections. */
    public Section(String title, Map<String, String> settings) {
        this.title = title;
        this.settings = new TreeMap<>(settings);
    }

    /** Adds the value of one more round. NaN is what cannot be measured on this machine, and leaves no trace. */
    public void add(String subject, Metric metric, double value) {
        if (Double.isNaN(value)) {
            return;
        }
        subjects.add(subject);
        samples.computeIfAbsent(metric, m -> new LinkedHashMap<>())
                .computeIfAbsent(subject, s -> new ArrayList<>())
                .add(value);
    }

    /** Notes that a subject could not take part, or not to the end, and why. */
    public void absent(String subject, String why) {
        absent.put(subject, why);
    }

    /** The same, for the first line of what an exception says. */
    public void absent(String subject, Exception why) {
        absent(subject, String.valueOf(why.getMessage()).lines().findFirst().orElse(why.toString()));
    }

    /** Adds a picture of its own, as SVG. */
    public void addPicture(String svg) {
        pictures.add(svg);
    }

    public List<String> pictures() {
        return pictures;
    }

    public String title() {
        return title;
    }

    /** Those that have samples, in the order in which they came. */
    public List<String> subjects() {
        return List.copyOf(subjects);
    }

    /** Who took no part, or not to the end, and why: a sentence each. */
    public List<String> absences() {
        return absent.entrySet().stream()
                .map(entry -> entry.getKey()
                        + (subjects.contains(entry.getKey()) ? ": failed: " : ": did not run: ")
                        + entry.getValue())
                .toList();
    }

    public List<Metric> metrics() {
        return List.copyOf(samples.keySet());
    }

    /** What the subject's samples of the metric come to, if it has any. */
    public Optional<Spread> spread(String subject, Metric metric) {
        return values(subject, metric).map(Spread::of);
    }

    /** The subject's value by the other one's, round by round; empty if one of them has none. */
    public Optional<Spread> ratio(String subject, String to, Metric metric) {
        List<Double> mine = values(subject, metric).orElse(List.of());
        List<Double> theirs = values(to, metric).orElse(List.of());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(mine.size(), theirs.size()); round++) {
            double ratio = mine.get(round) / theirs.get(round);
            if (Double.isFinite(ratio)) {
                ratios.add(ratio);
            }
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    /** Of the subjects whose names start so, the one with the best median. */
    public Optional<String> best(String prefix, Metric metric) {
        Comparator<String> byMedian =
                Comparator.comparingDouble(subject -> spread(subject, metric).orElseThrow().median());
        return subjects.stream()
                .filter(subject -> subject.startsWith(prefix) && spread(subject, metric).isPresent())
                .max(metric.moreIsBetter() ? byMedian : byMedian.reversed());
    }

    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Metric metric : samples.keySet()) {
            for (String subject : subjects) {
                spread(subject, metric).ifPresent(spread -> figures.add(figure(subject, metric, spread)));
            }
        }
        return figures;
    }

    private Figure figure(String subject, Metric metric, Spread spread) {
        Optional<Spread> ratio = ratio(subject, US, metric);
        return new Figure(
                subject,
                metric.name(),
                metric.unit(),
                spread.median(),
                spread.min(),
                spread.max(),
                ratio.map(Spread::median).orElse(null),
                ratio.map(Spread::min).orElse(null),
                ratio.map(Spread::max).orElse(null),
                settings);
    }

    private Optional<List<Double>> values(String subject, Metric metric) {
        return Optional.ofNullable(samples.getOrDefault(metric, Map.of()).get(subject));
    }
}
