package io.github.libco4j.examples.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of the load generator's output.
 *
 * @param word its first word, or the first two of a phase
 * @param values its name=value pairs
 */
record LoadLine(String word, Map<String, String> values) {
    static LoadLine parse(String line) {
        List<String> words = ProcFile.words(line);
        boolean phase = words.getFirst().equals("phase") && words.size() > 1;
        var values = new HashMap<String, String>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return new LoadLine(phase ? "phase " + words.get(1) : words.getFirst(), values);
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("the load generator's " + word + " line has no " + name + ": " + values);
        }
        return value;
    }

    long count(String name) {
        return Long.parseLong(text(name));
    }

    double number(String name) {
        return Double.parseDouble(text(name));
    }
}
