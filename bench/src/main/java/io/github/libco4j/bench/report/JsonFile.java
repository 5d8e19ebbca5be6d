package io.github.libco4j.bench.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A benchmark's raw data: a list of figures, each an object with the names of {@link Figure}'s parts. */
public final class JsonFile {
    private JsonFile() {}

    public static void write(Path file, List<Figure> figures) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                JSON.std
                                .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                                .asString(figures.stream().map(JsonFile::object).toList())
                        + "\n");
    }

    /** Reads what {@link #write} wrote; an {@link IOException} that names the file says what is wrong with it. */
    public static List<Figure> read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("there is no file " + file + ", or it may not be read");
        }
        try {
            return JSON.std.listFrom(Files.readString(file)).stream().map(JsonFile::figure).toList();
        } catch (IOException | ClassCastException | NullPointerException e) {
            throw new IOException(file + " is not a list of figures: " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> object(Figure figure) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("subject", figure.subject());
        object.put("metric", figure.metric());
        object.put("unit", figure.unit());
        object.put("median", figure.median());
        object.put("min", figure.min());
        object.put("max", figure.max());
        object.put("ratioToLibco4j", figure.ratioToLibco4j());
        object.put("ratioMin", figure.ratioMin());
        object.put("ratioMax", figure.ratioMax());
        object.put("settings", figure.settings());
        return object;
    }

    private static Figure figure(Object element) {
        Map<?, ?> object = (Map<?, ?>) element;
        Map<String, String> settings = new LinkedHashMap<>();
        ((Map<?, ?>) value(object, "settings")).forEach((key, value) -> settings.put((String) key, (String) value));
        return new Figure(
                (String) value(object, "subject"),
                (String) value(object, "metric"),
                (String) value(object, "unit"),
                ((Number) value(object, "median")).doubleValue(),
                ((Number) value(object, "min")).doubleValue(),
                ((Number) value(object, "max")).doubleValue(),
                number(object, "ratioToLibco4j"),
                number(object, "ratioMin"),
                number(object, "ratioMax"),
                settings);
    }

    private static Object value(Map<?, ?> object, String name) {
        Object value = object.get(name);
        if (value == null) {
            throw new NullPointerException("a figure has no " + name);
        }
        return value;
    }

    private static @Nullable Double number(Map<?, ?> object, String name) {
        Number number = (Number) object.get(name);
        return number == null ? null : number.doubleValue();
    }
}
