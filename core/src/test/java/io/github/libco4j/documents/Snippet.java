package io.github.libco4j.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A block of code in a document, and what the comment in front of it says of how it is run:
 *
 * <pre>{@code <!-- snippet: prologue=OnLoop prints="task 1" -->}</pre>
 *
 * <ul>
 *   <li>{@code prologue=NAME}: the block is a fragment, and its place is in a subclass of that {@link Prologue}: it is the
 *       body of {@code fragment()}, or, with {@code call="STATEMENT"}, members of the class, and the statement is the body.
 *       Without a prologue the block is a whole program.
 *   <li>{@code prints="LINE"}, as often as needed: the lines that it prints, in this order, others between them or not.
 *       With … at the end, the beginning of a line.
 *   <li>{@code endless}: it goes on for ever, and is interrupted when it has printed all that.
 *   <li>{@code serves=PORT}: it listens at this port, and a client sends {@code hello} and prints the answer.
 *   <li>{@code asks=PORT}: it connects to this port, where a server answers {@code welcome}.
 *   <li>{@code agent}: it needs libco4j's agent.
 * </ul>
 *
 * <p>Or {@code in=FILE}, for what needs more than core: it stands in that file, a test of another module or what such a test
 * starts, line for line but for the indentation.
 */
record Snippet(String document, int line, String language, String text, String settings) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern BLOCK =
            Pattern.compile("(?:^<!-- snippet: (.*) -->\n)?^( *)```(\\w*)\n((?s:.*?))^\\2```$", Pattern.MULTILINE);
    private static final Pattern SETTING = Pattern.compile("(\\w+)(?:=(?:\"([^\"]*)\"|(\\S+)))?");
    private static final Pattern NAMED = Pattern.compile("public class (\\w+)");

    /** Every block of every document, in the documents' order. */
    static List<Snippet> all() throws IOException {
        List<Snippet> all = new ArrayList<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            for (MatchResult block : BLOCK.matcher(text).results().toList()) {
                int line = (int) text.substring(0, block.start(3)).lines().count();
                String settings = block.group(1) == null ? "" : block.group(1);
                all.add(new Snippet(ROOT.relativize(document).toString(), line, block.group(3), block.group(4), settings));
            }
        }
        return all;
    }

    static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Those of a language that are tried by what stands in the document alone. */
    static List<Snippet> of(String language) throws IOException {
        return all().stream()
                .filter(snippet -> snippet.language.equals(language) && !snippet.says("in"))
                .toList();
    }

    /** Tells whether its lines stand in its file. */
    boolean standsInItsFile() throws IOException {
        return unindented(Files.readString(ROOT.resolve(value("in")))).contains(unindented(text));
    }

    private static String unindented(String lines) {
        return lines.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }

    boolean says(String setting) {
        return settingsOf(setting).findAny().isPresent();
    }

    /** What is said of a setting; an empty text where nothing is. */
    String value(String setting) {
        return settingsOf(setting).findFirst().orElse("");
    }

    List<String> prints() {
        return settingsOf("prints").toList();
    }

    private Stream<String> settingsOf(String name) {
        return SETTING.matcher(settings)
                .results()
                .filter(each -> each.group(1).equals(name))
                .map(each -> each.group(2) != null ? each.group(2) : each.group(3) != null ? each.group(3) : "");
    }

    /** The class that it becomes. */
    String className() {
        Matcher named = NAMED.matcher(text);
        if (named.find()) {
            return named.group(1);
        }
        return document.replaceAll("\\.md$", "").replaceAll("\\W", "_") + "_line_" + line;
    }

    /** What is compiled: line for line the same as in the document, but that the first line has the class around it. */
    String source() {
        String port = says("serves") ? value("serves") : value("asks");
        String body = port.isEmpty() ? text : text.replaceAll("\\b" + port + "\\b", Prologue.class.getName() + ".PORT");
        if (!says("prologue")) {
            return body;
        }
        String head = "import module java.base; import io.github.libco4j.*; import io.github.libco4j.testing.*; "
                + "import org.junit.jupiter.api.Test; import static org.junit.jupiter.api.Assertions.*; public class " + className() + " extends "
                + Prologue.class.getName() + "." + value("prologue") + " { ";
        String method = "@Override protected void fragment() throws Exception { ";
        return says("call") ? head + body + method + value("call") + "; } }" : head + method + body + "} }";
    }

    @Override
    public String toString() {
        return document + ":" + line;
    }
}
