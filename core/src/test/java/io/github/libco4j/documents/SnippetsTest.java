package io.github.libco4j.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** Every block of code in the documents: Java is compiled and run, the rest is checked as far as that can be done. */
@Tag("any-readiness")
@Timeout(120)
class SnippetsTest {
    /**
     * Each has its test below, but Kotlin and Groovy, which have it where their compilers are: in bench and compatibility. An empty
     * name is a drawing.
     */
    private static final Set<String> LANGUAGES = Set.of("java", "sh", "kotlin", "groovy", "cpp", "xml", "");

    private static final int CHILD_SECONDS = 90;

    @TempDir
    private Path directory;

    private static final class Source extends SimpleJavaFileObject {
        private final Snippet snippet;

        Source(Snippet snippet) {
            super(URI.create("string:///" + snippet.className() + ".java"), Kind.SOURCE);
            this.snippet = snippet;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return snippet.source();
        }
    }

    @Test
    void eachIsInALanguageThatIsCheckedHere() throws IOException {
        List<Snippet> all = Snippet.all();
        assertThat(all).hasSizeGreaterThan(20);
        assertThat(all).allSatisfy(each ->
                assertThat(LANGUAGES.contains(each.language()) || each.says("in")).as("the language of %s", each).isTrue());
    }

    @Test
    void whatIsTriedElsewhereStandsThere() throws IOException {
        for (Snippet snippet : Snippet.all()) {
            if (snippet.says("in")) {
                assertThat(snippet.standsInItsFile()).as("%s stands in its file", snippet).isTrue();
            }
        }
    }

    @Test
    void javaCompilesAndPrintsWhatItSays() throws Exception {
        List<Snippet> snippets = Snippet.of("java");
        assertThat(snippets).allSatisfy(each -> assertThat(each.text().contains("void main(") != each.says("prologue"))
                .as("%s is a program, or the comment before it names its prologue: see Snippet", each)
                .isTrue());
        assertThat(compile(snippets)).isEmpty();
        run(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED", "-Djdk.net.hosts.file=" + hosts()));
        run(List.of("-javaagent:" + agent()), "agent");
    }

    /** Returns what the compiler complains of. */
    private String compile(List<Snippet> snippets) {
        var found = new DiagnosticCollector<JavaFileObject>();
        List<String> options =
                List.of("-cp", System.getProperty("java.class.path"), "-d", directory.toString(), "-proc:none", "-nowarn");
        List<Source> sources = snippets.stream().map(Source::new).toList();
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, found, options, null, sources)
                .call();
        return compiled
                ? ""
                : found.getDiagnostics().stream()
                        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                        .map(SnippetsTest::inItsDocument)
                        .collect(Collectors.joining("\n"));
    }

    private static String inItsDocument(Diagnostic<? extends JavaFileObject> error) {
        if (!(error.getSource() instanceof Source source)) {
            return error.toString();
        }
        Snippet snippet = source.snippet;
        return snippet.document() + ":" + (snippet.line() + error.getLineNumber()) + ": " + error.getMessage(null);
    }

    private void run(List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        String path = directory + File.pathSeparator + System.getProperty("java.class.path");
        command.addAll(List.of("-cp", path, SnippetRunner.class.getName()));
        command.addAll(List.of(arguments));
        Path printed = directory.resolve("printed");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            boolean ended = process.waitFor(CHILD_SECONDS, TimeUnit.SECONDS);
            String output = Files.readString(printed, StandardCharsets.UTF_8);
            assertThat(ended).as("has not ended: %s", output).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains(" runs\n");
        } finally {
            process.destroyForcibly();
        }
    }

    /** The hosts that snippets connect to. */
    private Path hosts() throws IOException {
        return Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost a b\n");
    }

    /** A jar that makes an agent of the classes under test. */
    private Path agent() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", "io.github.libco4j.internal.agent.Agent");
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        Path file = directory.resolve("agent.jar");
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file;
    }

    /** No compiler of libco's is at hand; but each name in it has a row of its document. */
    @Test
    void everyFunctionOfLibcoThatAProgramUsesHasARow() throws IOException {
        for (Snippet snippet : Snippet.of("cpp")) {
            String document = Files.readString(Snippet.ROOT.resolve(snippet.document()));
            for (String name : matches("\\b(co_\\w+)\\(|\\b(stCo\\w+)", snippet.text())) {
                assertThat(finds("(?m)^\\| .*`" + name + "\\b", document)).as("a row for %s of %s", name, snippet).isTrue();
            }
        }
    }

    @Test
    void xmlIsWellFormed() throws Exception {
        for (Snippet snippet : Snippet.of("xml")) {
            var parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
            parser.parse(new InputSource(new StringReader("<all>" + snippet.text() + "</all>")));
        }
    }

    /** Packages, in the drawing of the rooms. */
    @Test
    void drawingsNameWhatExists() throws IOException {
        for (Snippet snippet : Snippet.of("")) {
            for (String name : matches("\\b(io\\.github\\.libco4j[a-z.]*)", snippet.text())) {
                assertThat(Snippet.ROOT.resolve("core/src/main/java").resolve(name.replace('.', '/')))
                        .as("%s of %s", name, snippet)
                        .isDirectory();
            }
        }
    }

    @Test
    void shellCommandsParse() throws Exception {
        for (Snippet snippet : Snippet.of("sh")) {
            Process shell = new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
            try (var in = shell.outputWriter()) {
                in.write(snippet.text());
            }
            assertThat(shell.inputReader().readAllAsString()).as(snippet.toString()).isEmpty();
            assertThat(shell.waitFor()).as(snippet.toString()).isZero();
        }
    }

    /** In the text between the blocks, too. */
    @Test
    void theLauncherKnowsEachVerbExampleAndBenchmark() throws IOException {
        String launcher = Files.readString(Snippet.ROOT.resolve("libco"));
        String tools = tools();
        for (String document : documents()) {
            for (String verb : matches("\\./libco ([a-z]+)", document)) {
                assertThat(finds("(?m)^    " + verb + "\\)", launcher)).as("libco's verb %s", verb).isTrue();
            }
            for (String name : matches("\\./libco (?:example|load) ([a-z][a-z-]*)", document)) {
                assertThat(tools.contains('"' + name + '"')).as("the example or protocol %s", name).isTrue();
            }
            for (String names : matches("\\./libco bench((?: [a-z]+)+)", document)) {
                for (String name : matches("([a-z]+)", names)) {
                    if (!Set.of("all", "compare").contains(name)) {
                        assertThat(tools.contains('"' + name + '"')).as("the benchmark %s", name).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void itsProgramsKnowEachOption() throws IOException {
        String tools = tools();
        String launcher = Files.readString(Snippet.ROOT.resolve("libco"));
        for (Snippet snippet : Snippet.of("sh")) {
            String whole = snippet.text().replaceAll("\\\\\n", " ").replaceAll("#.*", "");
            for (String command : matches("(?m)^(?:\\w+='[^']*' )?(\\./libco .*)$", whole)) {
                for (String option : matches("(?<= )(--[a-z-]+)", command.replaceAll("'[^']*'", ""))) {
                    assertThat(tools.contains('"' + option + '"') || finds("(?m)^ +[-|a-z =*]*" + option + "[ )]", launcher))
                            .as("the option %s of %s", option, snippet)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void mavenKnowsTheModulesProfilesAndTests() throws IOException {
        String pom = Files.readString(Snippet.ROOT.resolve("pom.xml"))
                + Files.readString(Snippet.ROOT.resolve("core/pom.xml"))
                + Files.readString(Snippet.ROOT.resolve("stress/pom.xml"));
        for (String document : documents()) {
            for (String modules : matches("mvn [^\n`]*-pl ([\\w,]+)", document)) {
                for (String module : matches("(\\w+)", modules)) {
                    assertThat(pom.contains("<module>" + module + "</module>")).as("the module %s", module).isTrue();
                }
            }
            for (String profile : matches("mvn [^\n`]*-P(\\w+)", document)) {
                assertThat(pom.contains("<id>" + profile + "</id>")).as("the profile %s", profile).isTrue();
            }
            for (String test : matches("mvn [^`]*?-Dtest=(\\w+)", document)) {
                try (Stream<Path> files = Files.walk(Snippet.ROOT.resolve("core/src/test"))) {
                    assertThat(files).as(test).anyMatch(file -> file.endsWith(test + ".java"));
                }
            }
        }
    }

    /** What examples, benchmarks and the load generator are made of. */
    private static String tools() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> modules = Files.list(Snippet.ROOT)) {
            for (Path module : modules.filter(each -> !each.endsWith("core")).toList()) {
                Path sources = module.resolve("src/main/java");
                if (!Files.isDirectory(sources)) {
                    continue;
                }
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                        all.append(Files.readString(file));
                    }
                }
            }
        }
        return all.toString();
    }

    private static List<String> documents() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String name : new TreeSet<>(Snippet.all().stream().map(Snippet::document).toList())) {
            texts.add(Files.readString(Snippet.ROOT.resolve(name)));
        }
        return texts;
    }

    private static boolean finds(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).find();
    }

    /** The groups that a pattern finds, each once. */
    private static Set<String> matches(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        for (MatchResult match : Pattern.compile(pattern).matcher(text).results().toList()) {
            for (int i = 1; i <= match.groupCount(); i++) {
                if (match.group(i) != null) {
                    found.add(match.group(i));
                }
            }
        }
        return found;
    }
}
